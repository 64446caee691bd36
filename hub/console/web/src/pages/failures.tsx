// What goes wrong, grouped by its cause: refused documents by code, deliveries by the code of their last failure.
import {query, useAnswer} from '../api';
import type {Causes, Deliveries, Status} from '../answers';
import {useCatalogue} from '../catalogue';
import {numberText} from '../format';
import {t} from '../language';
import {ErrorPanel, Loading} from '../parts/notes';
import {Head, Party, State, Time} from '../parts/pieces';
import {Table} from '../parts/table';
import {link} from '../route';
import type {Place} from '../route';

function Named({code, to}: {code: string; to?: string}) {
  const title = useCatalogue()(code)?.title ?? code;
  return <>{to ? <a href={to}>{title}</a> : <b>{title}</b>}<small class="code">{code}</small></>;
}
function ToDo({code}: {code: string}) {
  const texts = useCatalogue()(code);
  return <span class="quiet">{texts?.action.replace(/ ?[^.]*\{\w+\}[^.]*\./g, '')}</span>;
}

function Refusals() {
  const {value, error} = useAnswer<Status>('/api/v1/status');
  if (error) return <ErrorPanel error={error} />;
  if (!value) return <Loading />;
  const rows = Object.entries(value.ledger?.refusals ?? {});
  if (rows.length === 0) return <p>{value.ledger ? t('noRefusals') : t('noLedger')}</p>;
  return (
    <Table label={t('refusalsByCode')} rows={rows} id={([code]) => code} columns={[
      {name: t('reason'), head: true, wide: true, cell: ([code]) => <Named code={code} to={link('documents', {code})} />},
      {name: t('whatToDo'), wide: true, cell: ([code]) => <ToDo code={code} />},
      {name: t('count'), number: true, cell: ([, count]) => numberText(count)},
    ]} />
  );
}

function DeliveryCauses() {
  const {value, error} = useAnswer<Causes>('/api/v1/deliveries?by_cause=true');
  if (error) return <ErrorPanel error={error} />;
  if (!value) return <Loading />;
  if (value.causes.length === 0) return <p>{t('noFailures')}</p>;
  return (
    <Table label={t('deliveriesByCause')} rows={value.causes} id={(one) => one.cause} columns={[
      {name: t('cause'), head: true, wide: true, cell: (one) => <Named code={one.cause} to={link('failures', {cause: one.cause})} />},
      {name: t('whatToDo'), wide: true, cell: (one) => <ToDo code={one.cause} />},
      {name: t('count'), number: true, cell: (one) => numberText(one.count)},
      {name: t('oldestShort'), cell: (one) => <Time at={one.oldest} />},
      {name: t('newest'), cell: (one) => <Time at={one.newest} />},
    ]} />
  );
}

function OfCause({cause}: {cause: string}) {
  const {value, error} = useAnswer<Deliveries>(`/api/v1/deliveries${query({cause, limit: '200'})}`);
  if (error) return <ErrorPanel error={error} />;
  if (!value) return <Loading />;
  return (
    <Table label={t('deliveriesWith', {cause})} rows={value.deliveries} id={(one) => one.id} columns={[
      {name: t('subject'), head: true, wide: true, cell: (one) => <a href={link(`documents/${one.position}`)}>{one.subject}</a>},
      {name: t('recipient'), cell: (one) => <Party id={one.recipient} />},
      {name: t('state'), cell: (one) => <State state={one.state} />},
      {name: t('time'), cell: (one) => <Time at={one.since} />},
      {name: t('attempts'), number: true, cell: (one) => numberText(one.attempts)},
      {name: t('reason'), cell: (one) => one.detail ?? '–'},
    ]} />
  );
}

export function Page({place}: {place: Place}) {
  const {cause} = place.parameters;
  if (cause)
    return (
      <>
        <Head title={t('deliveriesWith', {cause})}><p><a href={link('failures')}>{t('back')}</a></p></Head>
        <p><Named code={cause} /></p><p><ToDo code={cause} /></p>
        <OfCause cause={cause} />
      </>
    );
  return (
    <>
      <Head title={t('failuresTitle')} />
      <section><h2>{t('deliveriesByCause')}</h2><DeliveryCauses /></section>
      <section><h2>{t('refusalsByCode')}</h2><Refusals /></section>
    </>
  );
}
