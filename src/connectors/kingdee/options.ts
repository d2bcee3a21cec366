import { z } from 'zod';
import { AppError } from '../../errors.ts';

const flag = z.union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)]);

/** The options of BatchSave, of its interface document and of the server's own help; FormId and Operation name the call itself. */
const schema = z.strictObject({
  FormId: z.string().optional(),
  Operation: z.string().optional(),
  IsAutoSubmitAndAudit: flag.optional(),
  IsVerifyBaseDataField: flag.optional(),
  SubSystemId: z.string().optional(),
  BatchCount: z.coerce.number().int().min(1).max(20).optional(),
  NumberSearch: flag.optional(),
  ValidateFlag: flag.optional(),
  IsDeleteEntry: flag.optional(),
  IsEntryBatchFill: flag.optional(),
  IsAutoAdjustField: flag.optional(),
  IsControlPrecision: flag.optional(),
  ValidateRepeatJson: flag.optional(),
  InterationFlags: z.string().optional(),
  IgnoreInterationFlag: flag.optional(),
  Creator: z.string().optional(),
});
export type SaveOptions = z.infer<typeof schema>;

/** Code: `kingdee.unknown_option`, with what is allowed. */
export function parseOptions(options: Readonly<Record<string, unknown>>): SaveOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0] ?? '');
  throw new AppError('kingdee.unknown_option', 'config', {
    params: { name, allowed: Object.keys(schema.shape).join('、') },
  });
}
