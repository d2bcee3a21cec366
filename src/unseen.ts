/** Characters that show nowhere and come along when text is copied: zero-width ones, marks of direction and of byte order, controls. */
const unseen = /[\0-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

export const withoutUnseen = (text: string): string => text.replace(unseen, '');
