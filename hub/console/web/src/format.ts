// Times as they are in Vietnam, whose offset has been +07:00 all along; numbers as readers of the language write them.
import {language, t} from './language';

const OFFSET_MS = 7 * 3600 * 1000;
const two = (value: number) => String(value).padStart(2, '0');

export function dateText(day: string) {
  const [year, month, date] = day.split('-');
  return language() === 'vi' ? `${date}/${month}/${year}` : day;
}

// To the second.
export function timeText(rfc3339: string) {
  const local = new Date(Date.parse(rfc3339) + OFFSET_MS);
  const day = local.toISOString().slice(0, 10);
  return `${dateText(day)} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
}

// The date in Vietnam, as filters take it.
export const dayOf = (rfc3339: string) => new Date(Date.parse(rfc3339) + OFFSET_MS).toISOString().slice(0, 10);
export const daysBefore = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);

export const numberText = (value: number) => new Intl.NumberFormat(language() === 'vi' ? 'vi-VN' : 'en-US').format(value);

// "3 phút": the largest unit that fits.
export function spanText(fromRfc3339: string, untilRfc3339: string) {
  const seconds = Math.max(0, Math.round((Date.parse(untilRfc3339) - Date.parse(fromRfc3339)) / 1000));
  if (seconds < 60) return t('seconds', {n: seconds});
  if (seconds < 3600) return t('minutes', {n: Math.floor(seconds / 60)});
  if (seconds < 2 * 86_400) return t('hours', {n: Math.floor(seconds / 3600)});
  return t('days', {n: numberText(Math.floor(seconds / 86_400))});
}

// "0,084 giây" below a minute, else the largest unit that fits.
export function secondsText(seconds: number) {
  if (seconds < 60)
    return t('seconds', {n: new Intl.NumberFormat(language() === 'vi' ? 'vi-VN' : 'en-US', {maximumFractionDigits: 3}).format(seconds)});
  return spanText(new Date(0).toISOString(), new Date(seconds * 1000).toISOString());
}

export function bytesText(bytes: number) {
  if (bytes < 1024) return `${numberText(bytes)} B`;
  return `${numberText(Math.round(bytes / 102.4) / 10)} KiB`;
}
