// What was sent in a period and became of it, by agreement, clause and party. Each figure leads to the rows that it
// counts: the same page with the address that the hub gives for it.
import {query, useAnswer} from '../api';
import type {DeliveryReport, Durations, ReportLine, Sending, Status} from '../answers';
import {useCatalogue} from '../catalogue';
import {dayOf, daysBefore, numberText, secondsText} from '../format';
import {t} from '../language';
import type {TextName} from '../language';
import {agreementName, names, partyName, typeName} from '../names';
import {Downloads} from '../parts/downloads';
import type {Download} from '../parts/downloads';
import {ErrorPanel, Loading} from '../parts/notes';
import {OverreachOf} from '../parts/overreach';
import {PeriodFields} from '../parts/period';
import {Clause, Head, Mark, Party, State, Time} from '../parts/pieces';
import {Table} from '../parts/table';
import {go, link} from '../route';
import type {Place} from '../route';

const DAYS = 30;
const ROWS_SHOWN = 200;
const PATH = '/api/v1/reports/deliveries';
const FILES: Download[] = [
  {file: 'deliveries.html', text: 'saveHtml', form: {format: 'html'}},
  {file: 'deliveries.csv', text: 'saveCsv', form: {format: 'csv'}},
  {file: 'delivery-figures.csv', text: 'saveLines', form: {format: 'csv', table: 'lines'}},
  {file: 'deliveries.json', text: 'saveJson', form: {}},
];
const OTHERS: [string, TextName][] = [
  ['clause', 'clause'], ['sender', 'sender'], ['recipient', 'recipient'], ['outcome', 'result'], ['reached', 'reached'],
  ['from_position', 'fromRecord'], ['before', 'beforeRecord'],
];

type Parameters = Record<string, string>;

function Filters({given, chosen}: {given: Parameters; chosen: Parameters}) {
  const change = (to: Parameters) => go(link('reports', {...chosen, ...given, ...to}));
  const field = (name: string) => ({
    id: `report-${name}`, value: given[name] ?? '',
    onChange: (event: Event) => change({[name]: (event.currentTarget as HTMLInputElement).value}),
  });
  return (
    <form class="filters" aria-label={t('period')} onSubmit={(event) => event.preventDefault()}>
      <PeriodFields name="report" from={chosen['from'] ?? ''} until={chosen['until'] ?? ''} change={change} />
      <p class="grow"><label for="report-agreement">{t('agreement')}</label>
        <select {...field('agreement')}><option value="">{t('any')}</option>
          {names().agreements.map((one) => <option key={one.id} value={one.id}>{agreementName(one.id)}</option>)}
          <option value="-">{t('noClause')}</option></select></p>
      <p class="grow"><label for="report-party">{t('party')}</label>
        <select {...field('party')}><option value="">{t('any')}</option>
          {names().parties.map((one) => <option key={one.id} value={one.id}>{partyName(one.id)}</option>)}</select></p>
      {OTHERS.some(([name]) => given[name]) && (
        <p class="all">{t('alsoFiltered')}: {OTHERS.filter(([name]) => given[name]).map(([name, text]) => (
          <button key={name} type="button" class="chip" onClick={() => change({[name]: ''})}>
            {t(text)}: {given[name]} <span aria-hidden="true">×</span><span class="hidden">{t('remove')}</span>
          </button>
        ))}</p>
      )}
    </form>
  );
}

// A figure, and the way to what it counts.
function Figure({line, name, value, wrong}: {line: ReportLine; name: string; value: number; wrong?: boolean}) {
  const address = line.records?.[name];
  if (!address) return <>{numberText(value)}</>;
  return <a class={wrong ? 'wrong' : undefined} href={`#/reports${address.slice(PATH.length)}`}>{numberText(value)}</a>;
}

const Took = ({times}: {times?: Durations | undefined}) => times
  ? (
    <small>
      <a href={link(`documents/${times.p50.document}`)}>{secondsText(times.p50.seconds)}</a>{' / '}
      <a href={link(`documents/${times.p95.document}`)}>{secondsText(times.p95.seconds)}</a>
    </small>
  ) : null;

function RefusedBy({line}: {line: ReportLine}) {
  const catalogue = useCatalogue();
  const codes = Object.entries(line.refused);
  if (codes.length === 0) return <>0</>;
  return (
    <>
      {codes.map(([code, count]) => (
        <div key={code} title={code}><Figure line={line} name={`refused ${code}`} value={count} wrong /> <small>{catalogue(code)?.title ?? code}</small></div>
      ))}
    </>
  );
}

const lineId = (one: ReportLine) => `${one.agreement} ${one.clause} ${one.sender} ${one.recipient}`;

const Lines = ({report}: {report: DeliveryReport}) => (
  <Table label={t('reportLines')} rows={report.lines} id={lineId} columns={[
    {name: t('clause'), head: true, wide: true, cell: (one) => <Clause {...one} />},
    {name: t('sender'), cell: (one) => <Party id={one.sender ?? ''} />},
    {name: t('recipient'), cell: (one) => (one.recipient ? <Party id={one.recipient} /> : <span class="quiet">{t('nobody')}</span>)},
    {name: t('sent'), number: true, cell: (one) => <Figure line={one} name="sent" value={one.sent} />},
    {name: t('refused'), cell: (one) => <RefusedBy line={one} />},
    {name: t('deliveredIn'), number: true, cell: (one) => <><Figure line={one} name="delivered" value={one.delivered} /><Took times={one.to_deliver} /></>},
    {name: t('answeredIn'), number: true, cell: (one) => <><Figure line={one} name="answered" value={one.answered} /><Took times={one.to_answer} /></>},
    {name: t('replays'), number: true, cell: (one) => <Figure line={one} name="replays" value={one.replays} />},
    {name: t('readings'), number: true, cell: (one) => <Figure line={one} name="readings" value={one.readings} />},
  ]} />
);

function Became({one}: {one: Sending}) {
  const title = useCatalogue()(one.outcome)?.title;
  if (one.outcome === 'accepted') return one.state ? <State state={one.state} /> : <Mark tone="good">{t('accepted')}</Mark>;
  return <><Mark tone="bad">{t('refused')}</Mark><small>{title ?? one.outcome}</small></>;
}

const Sendings = ({rows}: {rows: Sending[]}) => (
  <Table label={t('deliveryLog')} rows={rows.slice(0, ROWS_SHOWN)} id={(one) => `${one.position} ${one.index}`} columns={[
    {name: t('recordOf'), number: true, cell: (one) => <a href={link(`documents/${one.position}`)}>{numberText(one.position)}</a>},
    {name: t('time'), cell: (one) => <Time at={one.time} />},
    {name: t('type'), head: true, wide: true, cell: (one) => <>{typeName(one.type)}<small>{one.number}</small></>},
    {name: t('sender'), cell: (one) => partyName(one.sender)},
    {name: t('recipient'), cell: (one) => (one.recipient ? partyName(one.recipient) : <span class="quiet">{t('nobody')}</span>)},
    {name: t('result'), cell: (one) => <Became one={one} />},
    {name: t('state-delivered'), cell: (one) => (one.delivered ? <><Time at={one.delivered.time} /><small>{t('record', {n: numberText(one.delivered.position)})}</small></> : '–')},
    {name: t('answered'), cell: (one) => (one.answered ? <><Time at={one.answered.time} /><small>{t('record', {n: numberText(one.answered.position)})}</small></> : '–')},
  ]} />
);

function Shown({given}: {given: Parameters}) {
  const {value, error} = useAnswer<DeliveryReport>(`${PATH}${query(given)}`);
  if (error) return <ErrorPanel error={error} />;
  if (!value) return <Loading />;
  const {total} = value;
  return (
    <>
      <p class="quiet" role="status">{t('reportSummary', {
        sent: numberText(total.sent), accepted: numberText(total.accepted), refused: numberText(total.sent - total.accepted),
        position: numberText(value.position)})}</p>
      {value.next !== undefined && (
        <div class="panel">{t('reportCut')} <a href={link('reports', {...given, before: String(value.next)})}>{t('reportRest')}</a></div>
      )}
      {value.sendings.length === 0 ? <div class="panel">{t('noFlow')}</div> : (
        <>
          <Downloads path={PATH} given={given} files={FILES} />
          <section><h2>{t('reportLines')}</h2><Lines report={value} /></section>
          <section><h2>{t('deliveryLog')}</h2>
            {value.sendings.length > ROWS_SHOWN && <p class="quiet">{t('rowsShown', {n: ROWS_SHOWN, all: numberText(value.sendings.length)})}</p>}
            <Sendings rows={value.sendings} /></section>
        </>
      )}
    </>
  );
}

// Without a period in the address: the last days by the hub's clock.
export function Page({place}: {place: Place}) {
  const {value} = useAnswer<Status>('/api/v1/status');
  const today = value ? dayOf(value.live.time) : undefined;
  const given = place.parameters;
  const from = given['from'] || (today && daysBefore(today, DAYS - 1)) || '', until = given['until'] || today || '';
  return (
    <>
      <Head title={t('reportsTitle')} />
      <Filters given={given} chosen={{from, until}} />
      {from && until ? <Shown given={{...given, from, until}} /> : <Loading />}
      {from && until && given['party'] && <OverreachOf party={given['party']} from={from} until={until} />}
    </>
  );
}
