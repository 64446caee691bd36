// One document: what was decided about it, for whom, under which clause, and everything that happened, record by record.
import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import {useAnswer} from '../api';
import type {DocumentRow, Outcome, Trace} from '../answers';
import {sentences, useCatalogue} from '../catalogue';
import {bytesText, dateText, numberText} from '../format';
import {may} from '../identity';
import {t, tOr} from '../language';
import type {TextName} from '../language';
import {agreementOf, partyName, typeName} from '../names';
import {ErrorPanel, Loading} from '../parts/notes';
import {OrderButton, OrderForm} from '../parts/order_form';
import type {Wish} from '../parts/order_form';
import {Clause, Code, Fact, Head, Mark, Party, State, stateText, stateTone, Time} from '../parts/pieces';
import type {Tone} from '../parts/pieces';
import {Table} from '../parts/table';
import {link} from '../route';
import type {Place} from '../route';

interface Step {time: string; record?: number; tone: Tone; title: string; detail?: ComponentChildren}

const short = (hex: string) => hex.slice(0, 16);

function periodText(outcome: Outcome) {
  const force = outcome.agreement === undefined ? undefined : agreementOf(outcome.agreement)?.in_force;
  if (!force) return undefined;
  return force.until ? t('inForce', {from: dateText(force.from), until: dateText(force.until)}) : t('inForceOpen', {from: dateText(force.from)});
}

// What the catalogue's sentences about one recipient's refusal may name.
function factsOf(document: DocumentRow, outcome: Outcome): Record<string, string | undefined> {
  const nearest = outcome.clause ? t('nearestIs', {clause: outcome.clause}) : undefined;
  const period = periodText(outcome);
  return {
    agreement: outcome.agreement, version: outcome.version?.toString(), clause: outcome.clause,
    party: partyName(document.sender), sender: partyName(document.sender), recipient: partyName(outcome.addressed),
    type: typeName(document.type), contact: outcome.agreement && agreementOf(outcome.agreement)?.contact,
    nearest_vi: nearest, nearest_en: nearest, period_vi: period, period_en: period,
  };
}

function Why({code, facts}: {code: string; facts: Record<string, string | undefined>}) {
  const texts = useCatalogue()(code);
  if (!texts) return <p><Code>{code}</Code></p>;
  const reason = sentences(texts.reason, facts);
  return (
    <div class="why">
      <strong>{texts.title}</strong> <Code>{code}</Code>
      {reason && <p><b>{t('reason')}:</b> {reason}</p>}
      <p><b>{t('whatToDo')}:</b> {sentences(texts.action, facts)}</p>
    </div>
  );
}

const Ruling = ({outcome}: {outcome: Outcome}) => (
  <p><b>{t(outcome.outcome === 'accepted' ? 'underClause' : 'nearestClause')}:</b> <Clause {...outcome} /></p>
);

function decided(document: DocumentRow, trace: Trace): Step[] {
  const at = {time: document.time, record: document.position};
  if (document.refusal)
    return [{...at, tone: 'bad', title: t('refusedWhole'), detail: <Why code={document.refusal} facts={trace.facts ?? {}} />}];
  return document.outcomes.map((one) => {
    const accepted = one.outcome === 'accepted';
    return {
      ...at, tone: accepted ? 'good' : 'bad',
      title: t(accepted ? 'decidedAccepted' : 'decidedRefused', {party: partyName(accepted ? one.actual : one.addressed)}),
      detail: (
        <>
          {!accepted && <Why code={one.outcome} facts={factsOf(document, one)} />}
          <Ruling outcome={one} />
          {accepted && one.actual !== one.addressed &&
            <p>{t('rerouted', {addressed: partyName(one.addressed), actual: partyName(one.actual)})}</p>}
        </>
      ),
    };
  });
}

function events(trace: Trace): Step[] {
  return trace.deliveries.flatMap((delivery) => delivery.events.map((one) => ({
    time: one.time, record: one.record, tone: one.effective === false ? 'plain' as const : stateTone(one.status),
    title: `${stateText(one.status)}: ${partyName(delivery.recipient)}`,
    detail: (
      <>
        {one.cause && <Why code={one.cause} facts={{}} />}
        {one.reason && <p><b>{t('reason')}:</b> {one.reason}</p>}
        <p class="quiet">
          {[one.actor && t('by', {actor: one.actor}), delivery.id, one.effective === false && t('noEffect')].filter(Boolean).join(' · ')}
          {one.reported_time && <> · {t('reportedTime')} <Time at={one.reported_time} /></>}
        </p>
      </>
    ),
  })));
}

function steps(trace: Trace): Step[] {
  const {document, batch} = trace;
  const waiting = trace.deliveries.filter((one) => one.state === 'pending');
  return [
    {time: document.document_time, tone: 'plain', title: t('signedStep'),
      detail: <p class="quiet">{t('signedDetail', {party: partyName(document.sender), key: short(trace.key_id)})}</p>},
    ...(batch ? [{time: batch.time, record: batch.position, tone: 'good' as const, title: t('submittedStep'),
      detail: <p class="quiet">{t('submittedDetail', {count: batch.count, endpoint: batch.endpoint})}</p>}] : []),
    ...decided(document, trace),
    {time: document.time, record: document.position, tone: 'good', title: t('durableStep'),
      detail: <p class="quiet">{t('durableDetail', {position: numberText(document.position), leaf: short(trace.leaf)})}</p>},
    ...events(trace).sort((a, b) => a.record! - b.record!),
    ...waiting.map((one) => ({time: one.since, tone: 'wait' as const, title: t('waitingStep', {party: partyName(one.recipient)})})),
  ];
}

function Timeline({trace}: {trace: Trace}) {
  return (
    <ol class="timeline">
      {steps(trace).map((one, i) => (
        <li key={i} class={one.tone}>
          <div class="when"><Time at={one.time} />{one.record !== undefined && <small>{t('record', {n: numberText(one.record)})}</small>}</div>
          <div class="what"><Mark tone={one.tone}>{one.title}</Mark>{one.detail}</div>
        </li>
      ))}
    </ol>
  );
}

const Outcomes = ({document}: {document: DocumentRow}) => (
  <Table label={t('recipients')} rows={document.outcomes} id={(one) => one.addressed} columns={[
    {name: t('recipient'), head: true, wide: true, cell: (one) => <Party id={one.actual || one.addressed} />},
    {name: t('decision'), cell: (one) => one.outcome === 'accepted'
      ? <Mark tone="good">{t('accepted')}</Mark> : <><Mark tone="bad">{t('refused')}</Mark><small class="code">{one.outcome}</small></>},
    {name: t('clause'), cell: (one) => (
      <><Clause {...one} />{one.unneeded && <small>{t('unneeded')}: {one.unneeded.join(', ')}</small>}</>
    )},
    {name: t('state'), cell: (one) => (one.state ? <State state={one.state} /> : '–')},
  ]} />
);

// What may be ordered in a state (hub/broker/delivery_state.hpp); the hub says what of it is possible now.
const ORDERS: Record<string, ('retry' | 'stop' | 'replay')[]> = {pending: ['retry', 'stop'], failed: ['retry', 'replay'], replayed: []};

function DeliveryOrders({trace}: {trace: Trace}) {
  const [wish, setWish] = useState<Wish>();
  if (trace.document.erased || trace.deliveries.length === 0) return null;
  const wishOf = (one: Trace['deliveries'][number], action: 'retry' | 'stop' | 'replay'): Wish => ({
    title: t(action), about: `${partyName(one.recipient)} (${one.id})`, kind: 'order',
    says: {action, delivery: one.id, after: one.last_record}, approvable: action === 'replay',
  });
  return (
    <section>
      <h2>{t('orders')}</h2>
      {wish && <OrderForm key={wish.title + wish.about} wish={wish} done={() => setWish(undefined)} />}
      <Table label={t('orders')} rows={trace.deliveries} id={(one) => one.id} columns={[
        {name: t('recipient'), head: true, wide: true, cell: (one) => <Party id={one.recipient} />},
        {name: t('state'), cell: (one) => <State state={one.state} />},
        {name: t('orders'), cell: (one) => (
          <span class="row">{(ORDERS[one.state] ?? ['replay']).map((action) => <OrderButton key={action} wish={wishOf(one, action)} choose={setWish} />)}</span>
        )},
      ]} />
    </section>
  );
}

function Related({trace}: {trace: Trace}) {
  if (trace.related.length === 0) return null;
  return (
    <section>
      <h2>{t('related')}</h2>
      <ul class="plain-list">
        {trace.related.map(({relation, document}) => (
          <li key={document.position}>
            <span class="quiet">{tOr(`relation-${relation}`, relation)}:</span>{' '}
            <a href={link(`documents/${document.position}`)}>{document.subject || t('noSubject')}</a> <small><Time at={document.time} /></small>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function DocumentPage({place}: {place: Place}) {
  const {value, error} = useAnswer<Trace>(`/api/v1/documents/${encodeURIComponent(place.item)}`, 5000);
  if (error) return <ErrorPanel error={error} />;
  if (!value) return <Loading />;
  const {document} = value;
  return (
    <>
      <Head title={document.subject || t('noSubject')}>
        <p class="quiet">{typeName(document.type)}{document.number && ` · ${document.number}`}</p>
      </Head>
      <dl class="facts">
        <Fact name={t('sender')}><Party id={document.sender} /></Fact>
        <Fact name={t('urgency')}>{t(`urgency${document.urgency}` as TextName)}</Fact>
        {(document.erased || document.body_bytes > 0) &&
          <Fact name={t('size')}>{document.erased ? t('erased') : bytesText(document.body_bytes)}</Fact>}
        {value.case_references?.map((reference) =>
          <Fact key={reference} name={t('caseReference')}><a href={link('documents', {case: reference})}>{reference}</a></Fact>)}
        {document.conversation !== document.id &&
          <Fact name={t('conversation')}><a href={link('documents', {conversation: document.conversation})}>{document.conversation}</a></Fact>}
        <Fact name={t('documentId')}><Code>{document.id}</Code></Fact>
      </dl>
      {document.outcomes.length > 0 && <section><h2>{t('recipients')}</h2><Outcomes document={document} /></section>}
      <section><h2>{t('timeline')}</h2><Timeline trace={value} /></section>
      {may('actions') && <DeliveryOrders trace={value} />}
      {may('reports') && <p><a href={link('audit', {document: String(document.position)})}>{t('whoReadIt')}</a></p>}
      <Related trace={value} />
      <section>
        <h2>{t('proofTitle')}</h2>
        <p>{t('proofHint')}</p>
        <pre tabIndex={0}>hubctl log prove {document.position} --data DIR --out FOLDER</pre>
        <dl class="facts">
          <Fact name={t('digest')}><Code>{value.digest}</Code></Fact>
          <Fact name={t('leaf')}><Code>{value.leaf}</Code></Fact>
        </dl>
      </section>
    </>
  );
}
