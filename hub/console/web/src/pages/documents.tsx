// Documents, newest first. Every filter stands in the address, so that a list can be sent to somebody.
import {useEffect, useRef, useState} from 'preact/hooks';
import {ask, query, Refused, useAnswer} from '../api';
import type {DocumentRow, Documents} from '../answers';
import {useCatalogue} from '../catalogue';
import {numberText} from '../format';
import {t} from '../language';
import type {TextName} from '../language';
import {names, partyName, typeName} from '../names';
import {ErrorPanel, Loading} from '../parts/notes';
import {Head, Mark, stateText, stateTone, Time} from '../parts/pieces';
import type {Tone} from '../parts/pieces';
import {Table} from '../parts/table';
import {go, link} from '../route';
import type {Place} from '../route';

const TYPING_MS = 200;
const STATES = ['pending', 'delivered', 'registered', 'assigned', 'processing', 'finished', 'refused', 'failed', 'stopped', 'recalled'];
// Filters that other pages lead here with; they have no field of their own.
const OTHERS: [string, TextName][] = [
  ['sender', 'sender'], ['recipient', 'recipient'], ['agreement', 'agreement'], ['clause', 'clause'], ['code', 'code'],
  ['unneeded', 'unneeded'], ['case', 'caseReference'], ['conversation', 'conversation'], ['late', 'late'],
];

function decision(row: DocumentRow): {tone: Tone; text: string} {
  const refused = row.outcomes.filter((one) => one.outcome !== 'accepted').length;
  if (!row.accepted) return {tone: 'bad', text: t('refused')};
  return refused > 0 ? {tone: 'wait', text: t('partly')} : {tone: 'good', text: t('accepted')};
}

function Result({row}: {row: DocumentRow}) {
  const catalogue = useCatalogue();
  const {tone, text} = decision(row);
  const states = [...new Set(row.outcomes.flatMap((one) => (one.state ? [one.state] : [])))];
  const codes = [...new Set([row.refusal, ...row.outcomes.map((one) => one.outcome)])]
    .filter((one): one is string => one !== undefined && one !== 'accepted');
  return (
    <>
      <Mark tone={states.some((one) => stateTone(one) === 'bad') ? 'bad' : tone}>{states.length > 0 ? states.map(stateText).join(', ') : text}</Mark>
      {codes.map((code) => <small key={code} title={code}>{catalogue(code)?.title ?? code}</small>)}
    </>
  );
}

function Subject({row}: {row: DocumentRow}) {
  return (
    <>
      <a href={link(`documents/${row.position}`)}>{row.subject || t('noSubject')}</a>
      <small>{typeName(row.type)}{row.number && ` · ${row.number}`}{row.urgency > 0 && <b> · {t(`urgency${row.urgency}` as TextName)}</b>}</small>
    </>
  );
}

const Parties = ({row}: {row: DocumentRow}) => (
  <>
    {partyName(row.sender)} <span aria-hidden="true">→</span><span class="hidden">, {t('recipient')}: </span>{' '}
    {row.outcomes.map((one) => partyName(one.actual || one.addressed)).join('; ') || <span class="quiet">{t('nobody')}</span>}
  </>
);

function Filters({place, change}: {place: Place; change: (to: Record<string, string>, typed?: boolean) => void}) {
  const given = place.parameters;
  const set = (name: string, typed = false) => (event: Event) =>
    change({...given, [name]: (event.currentTarget as HTMLInputElement).value}, typed);
  const field = (name: string) => ({id: `filter-${name}`, value: given[name] ?? '', onChange: set(name)});
  const types = [...new Set(names().types.map((one) => one.id.split('/')[0]!))];
  const others = OTHERS.filter(([name]) => given[name]);
  return (
    <form class="filters" role="search" aria-label={t('filter')} onSubmit={(event) => event.preventDefault()}>
      <p class="grow"><label for="filter-text">{t('search')}</label>
        <input {...field('text')} type="search" placeholder={t('searchHint')} onInput={set('text', true)} /></p>
      <p><label for="filter-party">{t('party')}</label>
        <input {...field('party')} list="parties" placeholder={t('any')} /></p>
      <datalist id="parties">{names().parties.map((one) => <option key={one.id} value={one.id}>{partyName(one.id)}</option>)}</datalist>
      <p><label for="filter-type">{t('type')}</label>
        <select {...field('type')}><option value="">{t('any')}</option>
          {types.map((id) => <option key={id} value={id}>{typeName(id)}</option>)}</select></p>
      <p><label for="filter-accepted">{t('decision')}</label>
        <select {...field('accepted')}><option value="">{t('anyDecision')}</option>
          <option value="true">{t('accepted')}</option><option value="false">{t('refused')}</option></select></p>
      <p><label for="filter-state">{t('state')}</label>
        <select {...field('state')}><option value="">{t('any')}</option>
          {STATES.map((one) => <option key={one} value={one}>{stateText(one)}</option>)}</select></p>
      <p><label for="filter-from">{t('from')}</label><input {...field('from')} type="date" /></p>
      <p><label for="filter-until">{t('until')}</label><input {...field('until')} type="date" /></p>
      {Object.values(given).some(Boolean) && <p class="end"><button type="button" onClick={() => change({})}>{t('clear')}</button></p>}
      {others.length > 0 && (
        <p class="all">{t('alsoFiltered')}: {others.map(([name, text]) => (
          <button key={name} type="button" class="chip" onClick={() => change({...given, [name]: ''})}>
            {t(text)}{name !== 'late' && `: ${given[name]}`} <span aria-hidden="true">×</span><span class="hidden">{t('remove')}</span>
          </button>
        ))}</p>
      )}
    </form>
  );
}

export function DocumentsPage({place}: {place: Place}) {
  const path = `/api/v1/documents${query(place.parameters)}`;
  const {value, error, path: answered} = useAnswer<Documents>(path);
  const [more, setMore] = useState<{path: string; rows: DocumentRow[]; next?: number | undefined}>();
  const [moreError, setMoreError] = useState<Refused>();
  const timer = useRef(0);
  useEffect(() => setMore(undefined), [path]);

  const change = (to: Record<string, string>, typed = false) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => go(link('documents', to), typed), typed ? TYPING_MS : 0);
  };
  const older = more?.path === path ? more : undefined;
  const rows = [...(value?.documents ?? []), ...(older?.rows ?? [])];
  const next = older ? older.next : value?.next;
  const showOlder = async () => {
    try {
      const page = (await (await ask(`/api/v1/documents${query({...place.parameters, before: String(next)})}`)).json()) as Documents;
      setMore({path, rows: [...(older?.rows ?? []), ...page.documents], next: page.next});
    } catch (caught) {
      if (caught instanceof Refused) setMoreError(caught);
    }
  };
  return (
    <>
      <Head title={t('documents')}>
        <p class="quiet" role="status">{value && answered === path && t(next ? 'shownMore' : 'shown', {n: numberText(rows.length)})}</p>
      </Head>
      <Filters place={place} change={change} />
      {error ? <ErrorPanel error={error} /> : !value ? <Loading /> : rows.length === 0 ? (
        <div class="panel"><strong>{t('noDocuments')}</strong><p>{t('noDocumentsAction')}</p></div>
      ) : (
        <Table label={t('documents')} rows={rows} id={(row) => row.position} columns={[
          {name: t('time'), cell: (row) => <Time at={row.time} />},
          {name: t('subject'), cell: (row) => <Subject row={row} />, wide: true, head: true},
          {name: `${t('sender')} → ${t('recipient')}`, cell: (row) => <Parties row={row} />},
          {name: t('result'), wide: true, cell: (row) => <Result row={row} />},
        ]} />
      )}
      {next !== undefined && rows.length > 0 && <p class="more"><button type="button" onClick={showOlder}>{t('older')}</button></p>}
      {moreError && <ErrorPanel error={moreError} />}
    </>
  );
}
