import {texts} from './texts';

export type Language = 'vi' | 'en';
const KEPT = 'language';

let current: Language = localStorage.getItem(KEPT) === 'en' ? 'en' : 'vi';
document.documentElement.lang = current;

export const language = () => current;

export function setLanguage(to: Language) {
  current = to;
  localStorage.setItem(KEPT, to);
  document.documentElement.lang = to;
}

export type TextName = keyof typeof texts;

// "{name}" in a text is taken from the values.
export function t(name: TextName, values: Record<string, string | number> = {}) {
  const text = texts[name][current === 'vi' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

// Of what has a name in `texts` or none yet, as a state that a newer hub tells of.
export const tOr = (name: string, otherwise: string) => (name in texts ? t(name as TextName) : otherwise);
