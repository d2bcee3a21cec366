import type { Form } from './form.ts';
import { purMrb } from './pur-mrb.ts';
import { salOutstock } from './sal-outstock.ts';
import { salReturnstock } from './sal-returnstock.ts';
import { stkInstock } from './stk-instock.ts';
import { stkMiscellaneous } from './stk-miscellaneous.ts';
import { stkMisdelivery } from './stk-misdelivery.ts';
import { stkTransferdirect } from './stk-transferdirect.ts';

/** Every form there is, by its FormId. */
export const forms: ReadonlyMap<string, Form> = new Map(
  [salOutstock, salReturnstock, stkMiscellaneous, stkMisdelivery, stkInstock, purMrb, stkTransferdirect].map((form) => [
    form.id,
    form,
  ]),
);
