// Why something was refused and what to do, from the hub's catalogue of errors; asked when the first code is shown.
import {useEffect, useState} from 'preact/hooks';
import type {ErrorTexts} from './answers';
import {language} from './language';

interface Entry {code: string; vi: ErrorTexts; en: ErrorTexts}
let loaded: Map<string, Entry> | undefined;
let loading: Promise<void> | undefined;

async function load() {
  const {errors} = (await (await fetch('/console/errors.json')).json()) as {errors: Entry[]};
  loaded = new Map(errors.map((one) => [one.code, one]));
}

// The catalogue's texts by code; nothing until they are there.
export function useCatalogue() {
  const [, told] = useState(loaded !== undefined);
  useEffect(() => {
    if (loaded) return;
    loading ??= load();
    loading.then(() => told(true), () => (loading = undefined));
  }, []);
  return (code: string) => loaded?.get(code)?.[language()];
}

// The sentences of a text whose facts are known: of one recipient's refusal the ledger keeps no more than parties and clause.
export function sentences(text: string, facts: Record<string, string | undefined>) {
  return text
    .split(/(?<=[.;]) /)
    .map((one) => one.replace(/\{(\w+)\}/g, (whole, name: string) => facts[name] ?? whole))
    .filter((one) => !/\{\w+\}/.test(one))
    .join(' ')
    .replace(/;$/, '.');
}
