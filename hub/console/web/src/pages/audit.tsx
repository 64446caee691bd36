// Who read what, and who ordered or changed what: the acts of people, newest first.
import {useEffect, useState} from 'preact/hooks';
import {ask, query, Refused, useAnswer} from '../api';
import type {Act, ActsPage} from '../answers';
import {t} from '../language';
import type {TextName} from '../language';
import {names, partyName} from '../names';
import {Acts} from '../parts/acts';
import {ErrorPanel, Loading} from '../parts/notes';
import {PeriodFields} from '../parts/period';
import {Head} from '../parts/pieces';
import {go, link} from '../route';
import type {Place} from '../route';

const KINDS: [string, TextName][] = [
  ['body-read', 'kind-body-read'], ['delivery-ordered', 'kind-delivery-ordered'],
  ['storage-key-destroyed', 'kind-storage-key-destroyed'], ['legal-hold-changed', 'kind-legal-hold-changed'],
  ['configuration-changed', 'kind-configuration-changed'], ['role-changed', 'kind-role-changed'],
  ['endpoint-ordered', 'kind-endpoint-ordered'],
];
const OTHERS: [string, TextName][] = [['document', 'document'], ['actor', 'who'], ['action', 'act']];

function Filters({place}: {place: Place}) {
  const given = place.parameters;
  const change = (to: Record<string, string>) => go(link('audit', {...given, ...to}));
  const field = (name: string) => ({
    id: `audit-${name}`, value: given[name] ?? '',
    onChange: (event: Event) => change({[name]: (event.currentTarget as HTMLInputElement).value}),
  });
  return (
    <form class="filters" aria-label={t('filter')} onSubmit={(event) => event.preventDefault()}>
      <p class="grow"><label for="audit-kind">{t('act')}</label>
        <select {...field('kind')}><option value="">{t('any')}</option>
          {KINDS.map(([id, text]) => <option key={id} value={id}>{t(text)}</option>)}</select></p>
      <p><label for="audit-party">{t('partyOfDocument')}</label>
        <select {...field('party')}><option value="">{t('any')}</option>
          {names().parties.map((one) => <option key={one.id} value={one.id}>{partyName(one.id)}</option>)}</select></p>
      <PeriodFields name="audit" from={given['from'] ?? ''} until={given['until'] ?? ''} change={change} />
      {OTHERS.filter(([name]) => given[name]).map(([name, text]) => (
        <p class="end" key={name}>
          <button type="button" class="chip" onClick={() => change({[name]: ''})}>
            {t(text)}: {given[name]} <span aria-hidden="true">×</span><span class="hidden">{t('remove')}</span>
          </button>
        </p>
      ))}
    </form>
  );
}

export function Page({place}: {place: Place}) {
  const path = `/api/v1/audit${query(place.parameters)}`;
  const {value, error} = useAnswer<ActsPage>(path);
  const [more, setMore] = useState<{path: string; acts: Act[]; next?: number | undefined}>();
  const [moreError, setMoreError] = useState<Refused>();
  useEffect(() => setMore(undefined), [path]);
  const older = more?.path === path ? more : undefined;
  const acts = [...(value?.acts ?? []), ...(older?.acts ?? [])];
  const next = older ? older.next : value?.next;
  const showOlder = async () => {
    try {
      const page = (await (await ask(`/api/v1/audit${query({...place.parameters, before: String(next)})}`)).json()) as ActsPage;
      setMore({path, acts: [...(older?.acts ?? []), ...page.acts], next: page.next});
    } catch (caught) {
      if (caught instanceof Refused) setMoreError(caught);
    }
  };
  return (
    <>
      <Head title={t('auditTitle')}><p class="quiet">{t('auditHint')}</p></Head>
      <Filters place={place} />
      {error ? <ErrorPanel error={error} /> : !value ? <Loading />
        : acts.length === 0 ? <div class="panel"><strong>{t(place.parameters['kind'] === 'body-read' ? 'noReadings' : 'noActs')}</strong></div>
        : <Acts label={t('auditTitle')} acts={acts} />}
      {next !== undefined && <p class="more"><button type="button" onClick={showOlder}>{t('olderActs')}</button></p>}
      {moreError && <ErrorPanel error={moreError} />}
    </>
  );
}
