import type { Form } from './form.ts';
import { salOutstock } from './sal-outstock.ts';
import { salReturnstock } from './sal-returnstock.ts';

/** Every kind of bill this 金蝶 knows. */
export const forms: ReadonlyMap<string, Form> = new Map([salOutstock, salReturnstock].map((form) => [form.id, form]));
