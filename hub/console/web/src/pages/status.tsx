// Who is connected or silent since when, and what waits for whom; told by the hub as it changes.
import {useState} from 'preact/hooks';
import {useAnswer} from '../api';
import type {Status} from '../answers';
import {numberText} from '../format';
import {t} from '../language';
import {may} from '../identity';
import {useTold} from '../live';
import {partyName} from '../names';
import {ErrorPanel, Loading} from '../parts/notes';
import {OrderButton, OrderForm} from '../parts/order_form';
import type {Wish} from '../parts/order_form';
import {Ago, Fact, Head, Mark, Time} from '../parts/pieces';
import {Table} from '../parts/table';
import {link} from '../route';

const EVERY_MS = 3000;

function rowsOf({live, ledger}: Status) {
  const known = new Map((ledger?.endpoints ?? []).map((one) => [one.id, one]));
  const trouble = (row: (typeof rows)[number]) => (row.enabled && !row.connected ? 2 : 0) + (row.waiting + row.in_flight > 0 || row.paused ? 1 : 0);
  const rows = live.endpoints.map((one) => ({...one, since: known.get(one.endpoint)?.since, party: one.endpoint.split('/')[0]!}));
  return rows
    .map((row) => ({...row, trouble: trouble(row)}))
    .sort((a, b) => b.trouble - a.trouble || (a.oldest ?? '~').localeCompare(b.oldest ?? '~') || a.endpoint.localeCompare(b.endpoint));
}
type Row = ReturnType<typeof rowsOf>[number];

function pauseOrResume(row: Row): Wish {
  const action = row.paused ? 'resume' : 'pause';
  return {title: t(action), about: row.endpoint, kind: 'endpoint', says: {action, endpoint: row.endpoint, after: row.last_order}};
}

function Connection({row}: {row: Row}) {
  if (!row.enabled) return <Mark tone="plain">{t('disabled')}</Mark>;
  return (
    <>
      {row.paused && <Mark tone="wait">{t('paused')}</Mark>}
      {!row.connected && !row.since ? <Mark tone="bad">{t('never')}</Mark> : <Mark tone={row.connected ? 'good' : 'bad'}>{t(row.connected ? 'connected' : 'silent')}</Mark>}
      {row.since && <small>{t('since')} <Time at={row.since} /></small>}
    </>
  );
}

export function StatusPage() {
  const told = useTold('status');
  const {value: asked, error} = useAnswer<Status>('/api/v1/status', told ? 0 : EVERY_MS);
  const value = told ?? asked;
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const [wish, setWish] = useState<Wish>();
  if (!value) return error ? <ErrorPanel error={error} /> : <Loading />;
  const {live, ledger} = value;
  const all = rowsOf(value);
  const rows = onlyTrouble ? all.filter((row) => row.trouble > 0) : all;
  const notDurable = live.journal.end - live.journal.durable_end;
  return (
    <>
      <Head title={t('statusTitle')}>
        <p class="quiet">{live.origin}{live.demo && <> · <b>{t('demo')}</b></>}</p>
      </Head>
      {live.journal.low_on_space && <div class="panel bad" role="alert">{t('lowOnSpace')}</div>}
      {!ledger && <div class="panel">{t('noLedger')}</div>}
      <dl class="facts">
        <Fact name={t('hubTime')}><Time at={live.time} /></Fact>
        <Fact name={t('durableRecords')}>
          {numberText(live.journal.durable_end)}{notDurable > 0 && <small>{t('notDurable', {n: numberText(notDurable)})}</small>}
        </Fact>
        {ledger && (
          <>
            <Fact name={t('documentsAll')}><a href={link('documents')}>{numberText(ledger.documents)}</a></Fact>
            <Fact name={t('refused')}><a href={link('documents', {accepted: 'false'})}>{numberText(ledger.refused)}</a></Fact>
            <Fact name={t('ledgerLag')}>{ledger.lag_records ? t('ledgerLagText', {n: numberText(ledger.lag_records)}) : t('ledgerLevel')}</Fact>
          </>
        )}
        <Fact name={t('scheduled')}>{numberText(live.scheduled)}</Fact>
        <Fact name={t('version')}>{live.version}</Fact>
      </dl>
      <p class="row">
        <span>{t('endpointsSummary', {connected: numberText(all.filter((one) => one.connected).length), all: numberText(all.length)})}</span>
        <label class="check"><input type="checkbox" checked={onlyTrouble} onChange={() => setOnlyTrouble(!onlyTrouble)} /> {t('onlyTrouble')}</label>
      </p>
      {wish && <OrderForm key={wish.title + wish.about} wish={wish} done={() => setWish(undefined)} />}
      {rows.length === 0 ? <div class="panel"><Mark tone="good">{t('allWell')}</Mark></div> : (
        <Table label={t('statusTitle')} rows={rows} id={(row) => row.endpoint} columns={[
          {name: t('endpoint'), head: true, wide: true, cell: (row) =>
            <span class="party"><a href={link('documents', {party: row.party})}>{partyName(row.party)}</a><small>{row.endpoint}</small></span>},
          {name: t('connection'), cell: (row) => <Connection row={row} />},
          {name: t('pending'), number: true, cell: (row) => numberText(row.waiting)},
          {name: t('inFlight'), number: true, cell: (row) => numberText(row.in_flight)},
          {name: t('oldest'), number: true, cell: (row) => (row.oldest ? <Ago at={row.oldest} now={live.time} /> : '–')},
          {name: t('receiptsPending'), number: true, cell: (row) => numberText(row.receipts_pending)},
          ...(may('actions') ? [{name: t('orders'), cell: (row: Row) => <OrderButton wish={pauseOrResume(row)} choose={setWish} />}] : []),
        ]} />
      )}
    </>
  );
}
