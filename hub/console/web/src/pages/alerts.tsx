// What is wrong now, since when and what to do, and what began and ended before: told by the hub, once each.
import {useAnswer} from '../api';
import type {Alert, Alerts} from '../answers';
import {language, t} from '../language';
import {useTold} from '../live';
import {ErrorPanel, Loading} from '../parts/notes';
import {Head, Mark, Time} from '../parts/pieces';
import {Table} from '../parts/table';
import {link} from '../route';

const EVERY_MS = 5000;
// Where one sees more of it.
const PLACES: Record<string, string> = {
  'endpoint-silent': 'status', 'endpoint-paused': 'status', 'deliveries-late': 'status', 'storage-low': 'status',
  'ledger-behind': 'status', 'dead-letters': 'failures', 'agreement-expiring': 'agreements', 'flow-silent': 'flow',
};

function What({alert}: {alert: Alert}) {
  const place = PLACES[alert.alert];
  const {title} = alert[language()];
  return place ? <a href={link(place)}>{title}</a> : <b>{title}</b>;
}

export function Page() {
  const told = useTold('alerts');
  const {value: asked, error} = useAnswer<Alerts>('/api/v1/alerts', told ? 0 : EVERY_MS);
  const value = told ?? asked;
  if (!value) return error ? <ErrorPanel error={error} /> : <Loading />;
  return (
    <>
      <Head title={t('alerts')}><p class="quiet">{t('alertsHint')}</p></Head>
      {value.alerts.length === 0 ? <div class="panel good" role="status"><Mark tone="good">{t('noAlerts')}</Mark></div> : (
        <Table label={t('alerts')} rows={value.alerts} id={(one) => `${one.alert} ${one.subject}`} columns={[
          {name: t('alert'), head: true, wide: true, cell: (one) => <What alert={one} />},
          {name: t('whatToDo'), wide: true, cell: (one) => <span class="quiet">{one[language()].action}</span>},
          {name: t('since'), cell: (one) => <Time at={one.since} />},
        ]} />
      )}
      {value.changes.length > 0 && (
        <section>
          <h2>{t('alertChanges')}</h2>
          <Table label={t('alertChanges')} rows={value.changes} id={(one) => `${one.time} ${one.event} ${one.alert} ${one.subject}`} columns={[
            {name: t('time'), cell: (one) => <Time at={one.time} />},
            {name: t('alertEvent'), cell: (one) => <Mark tone={one.event === 'begins' ? 'bad' : 'good'}>{t(one.event === 'begins' ? 'alertBegins' : 'alertEnds')}</Mark>},
            {name: t('alert'), head: true, wide: true, cell: (one) => one[language()].title},
          ]} />
        </section>
      )}
    </>
  );
}
