// Small pieces that every page has: times, parties, marks, fields.
import type {ComponentChildren} from 'preact';
import {spanText, timeText} from '../format';
import {t, tOr} from '../language';
import {partyName} from '../names';

export const Time = ({at}: {at: string}) => <time dateTime={at} title={at}>{timeText(at)}</time>;

// How long ago, by the hub's clock.
export const Ago = ({at, now}: {at: string; now: string}) => <time dateTime={at} title={timeText(at)}>{spanText(at, now)}</time>;

// The name that people use, and the id that tells two of the same name apart.
export const Party = ({id}: {id: string}) => {
  const name = partyName(id);
  return <span class="party">{name}{name !== id && <small>{id}</small>}</span>;
};

export type Tone = 'good' | 'bad' | 'wait' | 'plain';
const SIGNS: Record<Tone, string> = {good: '✓', bad: '✗', wait: '…', plain: '·'};
export const Mark = ({tone, children}: {tone: Tone; children: ComponentChildren}) => (
  <span class={`mark ${tone}`}><span aria-hidden="true">{SIGNS[tone]}</span> {children}</span>
);

const BAD_STATES = new Set(['refused', 'failed', 'stopped', 'attempt-failed', 'recall-refused']);
export const stateTone = (state: string): Tone => (BAD_STATES.has(state) ? 'bad' : state === 'pending' ? 'wait' : 'good');
export const stateText = (state: string) => tOr(`state-${state}`, state);
export const State = ({state}: {state: string}) => <Mark tone={stateTone(state)}>{stateText(state)}</Mark>;

export const Fact = ({name, children}: {name: string; children: ComponentChildren}) => (
  <div class="fact"><dt>{name}</dt><dd>{children}</dd></div>
);

// Digests and ids: long, and read letter by letter.
export const Code = ({children}: {children: ComponentChildren}) => <code>{children}</code>;

export function Head({title, children}: {title: string; children?: ComponentChildren}) {
  return <div class="head"><h1>{title}</h1>{children}</div>;
}

export const Clause = ({agreement, version, clause}: {agreement?: string; version?: number; clause?: string}) =>
  agreement === undefined
    ? <span class="quiet">{t('noClause')}</span>
    : (
      <a href={`#/agreements/${encodeURI(agreement)}${clause ? `?clause=${encodeURIComponent(clause)}` : ''}`}>
        {agreement}{version !== undefined && ` v${version}`}{clause && ` § ${clause}`}
      </a>
    );
