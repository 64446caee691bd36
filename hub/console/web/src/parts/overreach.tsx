// Of one party and period: permissions that nobody used, fields that went along without need, and who read or repeated
// its documents.
import type {Overreach} from '../answers';
import {query, useAnswer} from '../api';
import {numberText, timeText} from '../format';
import {t} from '../language';
import {typeName} from '../names';
import {Acts} from './acts';
import {Downloads} from './downloads';
import type {Download} from './downloads';
import {ErrorPanel, Loading} from './notes';
import {Clause, Party} from './pieces';
import {Table} from './table';

const PATH = '/api/v1/reports/overreach';
const DOCUMENTS_PATH = '/api/v1/documents';
const FILES: Download[] = [
  {file: 'overreach.html', text: 'saveRightsHtml', form: {format: 'html'}},
  {file: 'unneeded-fields.csv', text: 'saveUnneeded', form: {format: 'csv'}},
  {file: 'unused-permissions.csv', text: 'saveUnused', form: {format: 'csv', table: 'unused'}},
  {file: 'overreach.json', text: 'saveRightsJson', form: {}},
];

// A figure leads to the documents that it counts.
const Unneeded = ({rows}: {rows: Overreach['unneeded']}) => (
  <Table label={t('unneededTitle')} rows={rows} id={(one) => `${one.agreement} ${one.clause} ${one.sender} ${one.recipient} ${one.field}`} columns={[
    {name: t('unneeded'), head: true, cell: (one) => <span class="code">{one.field}</span>},
    {name: t('clause'), wide: true, cell: (one) => <Clause {...one} />},
    {name: t('sender'), cell: (one) => <Party id={one.sender} />},
    {name: t('recipient'), cell: (one) => <Party id={one.recipient} />},
    {name: t('documents'), number: true, cell: (one) => <a href={`#/documents${one.records.slice(DOCUMENTS_PATH.length)}`}>{numberText(one.documents)}</a>},
  ]} />
);

export function OverreachOf({party, from, until}: {party: string; from: string; until: string}) {
  const {value, error} = useAnswer<Overreach>(`${PATH}${query({party, from, until})}`);
  if (error) return <ErrorPanel error={error} />;
  if (!value) return <Loading />;
  return (
    <>
      <Downloads path={PATH} given={{party, from, until}} files={FILES} />
      <section>
        <h2>{t('unusedTitle', {n: numberText(value.unused.length), all: numberText(value.permissions)})}</h2>
        {value.counted_from && <div class="panel">{t('flowCut', {time: timeText(value.counted_from)})}</div>}
        {value.unused.length > 0 && (
          <Table label={t('unused')} rows={value.unused} id={(one) => `${one.agreement} ${one.clause} ${one.sender} ${one.recipient}`} columns={[
            {name: t('clause'), head: true, wide: true, cell: (one) => <Clause {...one} />},
            {name: t('type'), cell: (one) => typeName(one.type)},
            {name: t('sender'), cell: (one) => <Party id={one.sender} />},
            {name: t('recipient'), cell: (one) => <Party id={one.recipient} />},
          ]} />
        )}
      </section>
      <section><h2>{t('unneededTitle')}</h2>
        {value.unneeded.length > 0 ? <Unneeded rows={value.unneeded} /> : <p>{t('noUnneeded')}</p>}</section>
      <section><h2>{t('readingsOfParty')}</h2>
        {value.readings.acts.length > 0 ? <Acts label={t('readingsOfParty')} acts={value.readings.acts} /> : <p>{t('noReadings')}</p>}</section>
      <section><h2>{t('replaysOfParty')}</h2>
        {value.replays.acts.length > 0 ? <Acts label={t('replaysOfParty')} acts={value.replays.acts} /> : <p>{t('noReplays')}</p>}</section>
    </>
  );
}
