// What the hub tells by itself: one stream of server-sent events for all pages of this tab. Where it can't be had, pages go
// on asking.
import {useEffect, useState} from 'preact/hooks';
import {ask} from './api';
import type {Alerts, Status} from './answers';

const AGAIN_MS = 3000;

interface Told {status?: Status; alerts?: Alerts}
let told: Told = {};
let running: AbortController | undefined;
const listeners = new Set<() => void>();

function tell(now: Told) {
  told = now;
  listeners.forEach((listener) => listener());
}

function take(event: string) {
  const name = /^event: (.*)$/m.exec(event)?.[1], data = /^data: (.*)$/m.exec(event)?.[1];
  if (data !== undefined && (name === 'status' || name === 'alerts')) tell({...told, [name]: JSON.parse(data)});
}

async function read(signal: AbortSignal) {
  const answer = await ask('/api/v1/events', signal, {repeated: true});
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const {done, value} = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      take(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

export async function startLive() {
  if (running) return;
  const {signal} = (running = new AbortController());
  while (!signal.aborted) {
    await read(signal).catch(() => undefined);
    if (signal.aborted) return;
    tell({});  // what was told is old from here on
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

export function stopLive() {
  running?.abort();
  running = undefined;
  tell({});
}

// Nothing while the hub tells nothing.
export function useTold<Name extends keyof Told>(name: Name): Told[Name] {
  const [value, set] = useState(told[name]);
  useEffect(() => {
    const listener = () => set(() => told[name]);
    listener();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [name]);
  return value;
}
