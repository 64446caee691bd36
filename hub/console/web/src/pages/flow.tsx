// Who sends what to whom over a period: as a Sankey where there is room for one, and as a table.
import {sankey, sankeyLinkHorizontal} from 'd3-sankey';
import {useEffect, useRef, useState} from 'preact/hooks';
import {query, useAnswer} from '../api';
import type {Flow, Flows, Status} from '../answers';
import {dayOf, daysBefore, numberText, timeText} from '../format';
import {t} from '../language';
import type {TextName} from '../language';
import {partyName, typeName} from '../names';
import {ErrorPanel, Loading} from '../parts/notes';
import {Head, Party} from '../parts/pieces';
import {Table} from '../parts/table';
import {go, link} from '../route';
import type {Place} from '../route';

const PAIRS_MAX = 30;
const DAYS = 30;
const ROW_PIXELS = 26;
const NARROW_PIXELS = 720;

interface Period {from: string; until: string}
interface Node {id: string; party: string; left: boolean}
type Fate = 'accepted' | 'late' | 'refused';
interface Link {source: string; target: string; value: number; sender: string; recipient: string; fate: Fate}

const LINK_TEXTS: Record<Fate, TextName> = {accepted: 'flowLink', late: 'flowLinkLate', refused: 'flowLinkRefused'};
const LINK_FILTERS: Record<Fate, Record<string, string>> = {accepted: {accepted: 'true'}, late: {late: 'true'}, refused: {accepted: 'false'}};

// The largest pairs of sender and recipient, types together.
function pairs(flows: Flow[]) {
  const sums = new Map<string, {sender: string; recipient: string; accepted: number; refused: number; late: number}>();
  for (const one of flows) {
    const recipient = one.recipient ?? '';
    const sum = sums.get(`${one.sender} ${recipient}`) ?? {sender: one.sender, recipient, accepted: 0, refused: 0, late: 0};
    sum.accepted += one.accepted;
    sum.refused += one.refused;
    sum.late += one.late;
    sums.set(`${one.sender} ${recipient}`, sum);
  }
  return [...sums.values()].sort((a, b) => b.accepted + b.refused - a.accepted - a.refused);
}

const recipientName = (id: string) => (id === '' ? t('nobody') : partyName(id));
const documentsOf = (one: {sender: string; recipient?: string}, period: Period, more: Record<string, string> = {}) =>
  link('documents', {sender: one.sender, recipient: one.recipient, ...period, ...more});

function shortened(text: string, pixels: number) {
  const letters = Math.floor(pixels / 6.6);
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

function Chart({flows, period, width}: {flows: Flow[]; period: Period; width: number}) {
  const shown = pairs(flows).slice(0, PAIRS_MAX);
  const links: Link[] = shown.flatMap(({sender, recipient, accepted, refused, late}) =>
    ([['accepted', accepted - late], ['late', late], ['refused', refused]] as [Fate, number][])
      .filter(([, value]) => value > 0)
      .map(([fate, value]) => ({source: `> ${sender}`, target: `< ${recipient}`, value, sender, recipient, fate})));
  const sides = [new Set(shown.map((one) => one.sender)), new Set(shown.map((one) => one.recipient))];
  const nodes: Node[] = [
    ...[...sides[0]!].map((party) => ({id: `> ${party}`, party, left: true})),
    ...[...sides[1]!].map((party) => ({id: `< ${party}`, party, left: false})),
  ];
  const height = 24 + ROW_PIXELS * Math.max(sides[0]!.size, sides[1]!.size);
  const names = Math.min(300, width * 0.27);
  const graph = sankey<Node, Link>().nodeId((node) => node.id).nodeWidth(8).nodePadding(12)
    .extent([[names, 12], [width - names, height - 12]])({nodes, links: links.map((one) => ({...one}))});
  const path = sankeyLinkHorizontal<Node, Link>();
  return (
    <svg class="sankey" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t('flowChart')}>
      {graph.links.map((one) => {
        const text = t(LINK_TEXTS[one.fate],
          {sender: partyName(one.sender), recipient: recipientName(one.recipient), n: numberText(one.value)});
        return (
          <a key={`${one.sender} ${one.recipient} ${one.fate}`} href={documentsOf(one, period, LINK_FILTERS[one.fate])} aria-label={text}>
            <path class={`link ${one.fate}`} d={path(one) ?? ''} stroke-width={Math.max(1.5, one.width ?? 0)}><title>{text}</title></path>
          </a>
        );
      })}
      {graph.nodes.map((node) => {
        const {x0 = 0, x1 = 0, y0 = 0, y1 = 0} = node;
        const name = recipientName(node.party), count = ` · ${numberText(node.value ?? 0)}`;
        return (
          <g key={node.id} aria-hidden="true">
            <rect class="node" x={x0} y={y0} width={x1 - x0} height={Math.max(1, y1 - y0)} />
            <text x={node.left ? x0 - 6 : x1 + 6} y={(y0 + y1) / 2} dy="0.35em" text-anchor={node.left ? 'end' : 'start'}>
              {shortened(name, names - 44)}{count}<title>{`${name} (${node.party})${count}`}</title>
            </text>
          </g>
        );
      })}
    </svg>
  );
}

// The room that its element has.
function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, set] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => set(Math.round(entry!.contentRect.width)));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return {element, width};
}

function Shown({period}: {period: Period}) {
  const {value, error} = useAnswer<Flows>(`/api/v1/flows${query({...period})}`);
  const {element, width} = useWidth();
  const refused = value?.flows.reduce((sum, one) => sum + one.refused, 0) ?? 0;
  const late = value?.flows.reduce((sum, one) => sum + one.late, 0) ?? 0;
  const all = value ? pairs(value.flows).length : 0;
  return (
    <div ref={element}>
      {error ? <ErrorPanel error={error} /> : !value ? <Loading /> : (
        <>
          <p class="quiet" role="status">{t('flowSummary', {n: numberText(value.documents), refused: numberText(refused), late: numberText(late)})}</p>
          {value.counted_from && <div class="panel">{t('flowCut', {time: timeText(value.counted_from)})}</div>}
          {value.more && <div class="panel">{t('flowsCut', {n: numberText(value.flows.length)})}</div>}
          {value.flows.length === 0 ? <div class="panel">{t('noFlow')}</div> : (
            <>
              {width >= NARROW_PIXELS && (
                <figure>
                  <Chart flows={value.flows} period={period} width={width} />
                  <figcaption class="quiet">{t('flowChart')}.{all > PAIRS_MAX && ` ${t('flowTop', {n: PAIRS_MAX})}`}</figcaption>
                </figure>
              )}
              <Table label={t('flowTitle')} rows={value.flows} id={(one) => `${one.sender} ${one.recipient} ${one.type}`} columns={[
                {name: t('type'), head: true, wide: true, cell: (one) =>
                  <a href={documentsOf({sender: one.sender, recipient: one.recipient ?? ''}, period, {type: one.type})}>{typeName(one.type)}</a>},
                {name: t('sender'), cell: (one) => <Party id={one.sender} />},
                {name: t('recipient'), cell: (one) => (one.recipient ? <Party id={one.recipient} /> : <span class="quiet">{t('nobody')}</span>)},
                {name: t('accepted'), number: true, cell: (one) => numberText(one.accepted)},
                {name: t('refused'), number: true, cell: (one) => (one.refused > 0 ? <b class="wrong">{numberText(one.refused)}</b> : '0')},
                {name: t('late'), number: true, cell: (one) => (one.late > 0 ?
                  <a title={t('lateHint')} href={documentsOf({sender: one.sender, recipient: one.recipient ?? ''}, period, {type: one.type, late: 'true'})}>{numberText(one.late)}</a> : '0')},
              ]} />
            </>
          )}
        </>
      )}
    </div>
  );
}

// Without a period in the address: the last days by the hub's clock, which may not be that of this machine.
export function Page({place}: {place: Place}) {
  const {value} = useAnswer<Status>('/api/v1/status');
  const today = value ? dayOf(value.live.time) : undefined;
  const period = {
    from: place.parameters['from'] || (today && daysBefore(today, DAYS - 1)) || '',
    until: place.parameters['until'] || today || '',
  };
  const set = (name: string) => (event: Event) => go(link('flow', {...period, [name]: (event.currentTarget as HTMLInputElement).value}));
  return (
    <>
      <Head title={t('flowTitle')} />
      <form class="filters short" aria-label={t('period')} onSubmit={(event) => event.preventDefault()}>
        <p><label for="flow-from">{t('from')}</label><input id="flow-from" type="date" value={period.from} onChange={set('from')} /></p>
        <p><label for="flow-until">{t('until')}</label><input id="flow-until" type="date" value={period.until} onChange={set('until')} /></p>
      </form>
      {period.from && period.until ? <Shown period={period} /> : <Loading />}
    </>
  );
}
