// Agreements: which there are; and of one its words and rules side by side, its versions, and how often each clause was used.
import {useEffect, useState} from 'preact/hooks';
import {useAnswer} from '../api';
import type {AgreementHistory, AgreementName, AgreementText, Clause, Status} from '../answers';
import {dateText, dayOf, numberText, timeText} from '../format';
import {language, t} from '../language';
import {agreementName, names, partyName, typeName} from '../names';
import {ErrorPanel, Loading} from '../parts/notes';
import {Code, Fact, Head, Mark} from '../parts/pieces';
import {Table} from '../parts/table';
import {link} from '../route';
import type {Place} from '../route';

interface Force {from: string; until?: string | null}

function ForceMark({force, today}: {force: Force; today: string | undefined}) {
  if (!today) return null;
  if (today < force.from) return <Mark tone="wait">{t('notYet')}</Mark>;
  if (force.until && today > force.until) return <Mark tone="bad">{t('expired')}</Mark>;
  return <Mark tone="good">{t('now')}</Mark>;
}
const forceText = ({from, until}: Force) => `${dateText(from)} – ${until ? dateText(until) : t('openEnd')}`;

// The hub's day, by which agreements are in force.
function useToday() {
  const {value} = useAnswer<Status>('/api/v1/status');
  return value && dayOf(value.live.time);
}

function List() {
  const today = useToday();
  const rows: AgreementName[] = names().agreements;
  if (rows.length === 0) return <p>{t('noAgreements')}</p>;
  return (
    <Table label={t('agreementsTitle')} rows={rows} id={(one) => one.id} columns={[
      {name: t('title'), head: true, wide: true, cell: (one) =>
        <><a href={link(`agreements/${one.id}`)}>{agreementName(one.id)}</a><small class="code">{one.id} v{one.version}</small></>},
      {name: t('force'), cell: (one) => <><ForceMark force={one.in_force} today={today} /><small>{forceText(one.in_force)}</small></>},
      {name: t('basis'), cell: (one) => t(one.directed ? 'directed' : 'signed')},
      {name: t('contact'), cell: (one) => one.contact},
    ]} />
  );
}

// An alias or a group, as people know whom it means.
function membersOf(text: AgreementText, name: string): string[] {
  const group = text.groups?.[name];
  return (group ?? [name]).map((alias) => text.parties[alias] ?? text.addressees?.[alias] ?? alias);
}
const Members = ({text, name}: {text: AgreementText; name: string}) => (
  <>{membersOf(text, name).map(partyName).join(', ')}</>
);

const Parties = ({ids}: {ids: string[]}) => (
  <>{ids.map((id, i) => <span key={id} title={id}>{i > 0 && '; '}{partyName(id)}</span>)}</>
);

function Rule({text, clause}: {text: AgreementText; clause: Clause}) {
  const {permit, when, needs} = clause;
  return (
    <>
      <p><b>{typeName(permit.type)}</b></p>
      <p><Members text={text} name={permit.from} /> <span aria-hidden="true">→</span><span class="hidden">, {t('recipient')}: </span>{' '}
        {typeof permit.to === 'string' ? <Members text={text} name={permit.to} /> : t('competent')}</p>
      {clause.over_level && <p>{t('overLevel')}: {t(clause.over_level === 'reroute' ? 'reroute' : 'refuse')}</p>}
      {needs && <p>{t('needs')}: <span class="code">{needs.join(', ')}</span></p>}
      {when !== undefined && <details><summary>{t('guard')}</summary><pre tabIndex={0}>{JSON.stringify(when, null, 1)}</pre></details>}
    </>
  );
}

type Use = AgreementHistory['use'][number];

function ClauseItem({text, clause, use, current}: {text: AgreementText; clause: Clause; use: Use | undefined; current: boolean}) {
  return (
    <li id={`clause-${clause.id}`} class={current ? 'current' : undefined}>
      <div>
        <h2>§ {clause.id}</h2>
        <blockquote lang="vi">“{clause.words}”</blockquote>
        {clause.words_corrected && <p class="quiet">{t('corrected')}: <span lang="vi">“{clause.words_corrected}”</span></p>}
        <p class="quiet">{t(clause.reading === 'inferred' ? 'inferred' : 'explicit')}</p>
        {clause.reading_note && <p class="quiet" lang="en">{clause.reading_note}</p>}
      </div>
      <div>
        <Rule text={text} clause={clause} />
        <p>
          {t('use')}: {use
            ? <a href={link('documents', {agreement: text.agreement, clause: clause.id})}>
                {t('useText', {accepted: numberText(use.accepted), refused: numberText(use.refused)})}</a>
            : <span class="quiet">{t('neverUsed')}</span>}
        </p>
      </div>
    </li>
  );
}

// What stands behind a version: whoever has a party's root key can sign for it, and nobody else.
function Signatures({text, actor}: {text: AgreementText; actor: string}) {
  const keys = Object.entries(text.root_keys ?? {});
  return (
    <>
      {t('registeredBy', {id: actor.replace('administrator:', '').slice(0, 8)})}
      {keys.length === 0 ? <small>{t('noRootKeys')}</small> : (
        <details><summary>{t('vouchedFor', {parties: keys.map(([alias]) => partyName(text.parties[alias] ?? alias)).join('; ')})}</summary>
          <ul>{keys.map(([alias, key]) => <li key={alias}>{partyName(text.parties[alias] ?? alias)}: <Code>{key}</Code></li>)}</ul></details>
      )}
    </>
  );
}

function One({id, clause}: {id: string; clause: string | undefined}) {
  const {value, error} = useAnswer<AgreementHistory>(`/api/v1/agreements/${encodeURI(id)}`);
  const today = useToday();
  const [at, setAt] = useState(0);
  const version = value?.versions[at];
  useEffect(() => {
    if (version && clause) document.getElementById(`clause-${clause}`)?.scrollIntoView({block: 'center'});
  }, [version, clause]);
  if (error) return <ErrorPanel error={error} />;
  if (!value || !version) return <Loading />;
  const {text} = version;
  const used = new Map(value.use.filter((one) => one.version === text.version).map((one) => [one.clause, one]));
  return (
    <>
      <Head title={text.title[language()]}><p class="quiet">{text.agreement} v{text.version}</p></Head>
      <dl class="facts">
        <Fact name={t('force')}><ForceMark force={text.in_force} today={today} /> {forceText(text.in_force)}</Fact>
        <Fact name={t('basis')}>{t(text.basis === 'directed' ? 'directed' : 'signed')}</Fact>
        <Fact name={t('contact')}>{Object.values(text.contact).join('; ')}</Fact>
        <Fact name={t('versions')}>
          {value.versions.length === 1 ? t('versionAt', {n: text.version, time: timeText(version.time), position: numberText(version.position)}) : (
            <select aria-label={t('versions')} value={at} onChange={(event) => setAt(Number((event.currentTarget as HTMLSelectElement).value))}>
              {value.versions.map((one, i) => (
                <option key={one.position} value={i}>{t('versionAt', {n: one.text.version, time: timeText(one.time), position: numberText(one.position)})}</option>
              ))}
            </select>
          )}
        </Fact>
      </dl>
      <dl class="facts">
        <Fact name={t('parties')}><Parties ids={Object.values(text.parties)} /></Fact>
        {text.addressees && <Fact name={t('addressees')}><Parties ids={Object.values(text.addressees)} /></Fact>}
        <Fact name={t('signatures')}><Signatures text={text} actor={version.actor} /></Fact>
        <Fact name={t('source')}>{Object.entries(text.source).map(([name, said]) => `${name}: ${said}`).join('; ')}</Fact>
      </dl>
      <div class="sides" aria-hidden="true"><span>{t('words')}</span><span>{t('rule')}</span></div>
      <ol class="clauses">
        {text.clauses.map((one) => <ClauseItem key={one.id} text={text} clause={one} use={used.get(one.id)} current={one.id === clause} />)}
      </ol>
    </>
  );
}

export function Page({place}: {place: Place}) {
  if (place.item) return <One id={place.item} clause={place.parameters['clause']} />;
  return <><Head title={t('agreementsTitle')} /><List /></>;
}
