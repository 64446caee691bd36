// A period in the address: dates that somebody chose, or times that a figure led here with.
import {dayOf} from '../format';
import {t} from '../language';

const DATE = /^\d{4}-\d\d-\d\d$/;
const startOf = (text: string) => (DATE.test(text) ? text : dayOf(text));
// The end is exclusive where it is a time, and a day that is taken in where it is a date.
const endOf = (text: string) => (DATE.test(text) ? text : dayOf(new Date(Date.parse(text) - 1).toISOString()));

export function PeriodFields({name, from, until, change}: {
  name: string; from: string; until: string; change: (to: {from: string} | {until: string}) => void;
}) {
  const value = (event: Event) => (event.currentTarget as HTMLInputElement).value;
  return (
    <>
      <p><label for={`${name}-from`}>{t('from')}</label>
        <input id={`${name}-from`} type="date" value={from && startOf(from)} onChange={(event) => change({from: value(event)})} /></p>
      <p><label for={`${name}-until`}>{t('until')}</label>
        <input id={`${name}-until`} type="date" value={until && endOf(until)} onChange={(event) => change({until: value(event)})} /></p>
    </>
  );
}
