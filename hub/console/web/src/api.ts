// Questions to the hub that served this page.
import {useEffect, useState} from 'preact/hooks';
import type {ErrorTexts, HubError} from './answers';
import {language, t} from './language';
import {csrf, forgetIdentity, token} from './identity';

export class Refused extends Error {
  constructor(readonly status: number, readonly error: HubError | undefined) {
    super(error?.code ?? `HTTP ${status}`);
  }
  texts(): ErrorTexts {
    if (this.error) return this.error[language()];
    return {title: t('hubUnreachable'), reason: t('hubUnreachableReason'), action: t('hubUnreachableAction')};
  }
}

export async function ask(path: string, signal?: AbortSignal, change: {method?: string; body?: object; repeated?: boolean} = {}): Promise<Response> {
  const headers: Record<string, string> = {};
  const kept = token();
  if (kept !== null) headers.Authorization = `Bearer ${kept}`;
  if (change.method) headers['X-CSRF-Token'] = csrf();
  if (change.repeated) headers['X-Repeated'] = 'true';  // nobody's doing: it keeps no session alive
  if (change.body) headers['Content-Type'] = 'application/json';
  const sent = change.body ? JSON.stringify(change.body) : null;
  let response;
  try {
    response = await fetch(path, {method: change.method ?? 'GET', headers, body: sent, signal: signal ?? null});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, undefined);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => undefined);
  throw new Refused(response.status, body?.error);
}

export const query = (parameters: Record<string, string | undefined>) => {
  const given = Object.entries(parameters).filter((one): one is [string, string] => Boolean(one[1]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

export interface Asked<T> {path: string; value?: T; error?: Refused; loading: boolean}

// The answer to a path, asked again when it changes and, with a period, again and again while the page is seen. An
// answer stays until the next one is there, so that nothing flickers.
export function useAnswer<T>(path: string, everyMs = 0): Asked<T> {
  const [asked, set] = useState<Asked<T>>({path: '', loading: true});
  useEffect(() => {
    const abort = new AbortController();
    let timer = 0, repeated = false;
    const once = async () => {
      try {
        const value = (await (await ask(path, abort.signal, {repeated})).json()) as T;
        set({path, value, loading: false});
      } catch (error) {
        if (abort.signal.aborted || !(error instanceof Refused)) return;
        if (error.status === 401) return signOut();
        set({path, error, loading: false});
      }
      repeated = true;
      if (everyMs > 0) timer = window.setTimeout(() => (document.hidden ? again() : once()), everyMs);
    };
    const again = () => (timer = window.setTimeout(() => (document.hidden ? again() : once()), everyMs));
    set((before) => ({...before, loading: true}));
    void once();
    return () => (abort.abort(), clearTimeout(timer));
  }, [path, everyMs]);
  return asked;
}

let onSignOut = () => {};
export const whenSignedOut = (call: () => void) => (onSignOut = call);
export function signOut() {
  forgetIdentity();
  onSignOut();
}
