// What a viewer's party is owed to know: who read its documents, and what may be sent from or to it and never was.
import {dayOf, daysBefore} from '../format';
import {session} from '../identity';
import {t} from '../language';
import {OverreachOf} from '../parts/overreach';
import {PeriodFields} from '../parts/period';
import {Head, Party} from '../parts/pieces';
import {go, link} from '../route';
import type {Place} from '../route';

const DAYS = 365;

export function Page({place}: {place: Place}) {
  const party = session()?.party ?? '';
  const today = dayOf(new Date().toISOString());
  const from = place.parameters['from'] || daysBefore(today, DAYS), until = place.parameters['until'] || today;
  return (
    <>
      <Head title={t('overreachTitle')}><p class="quiet"><Party id={party} /></p></Head>
      <form class="filters" aria-label={t('period')} onSubmit={(event) => event.preventDefault()}>
        <PeriodFields name="overreach" from={from} until={until} change={(to) => go(link('overreach', {from, until, ...to}))} />
      </form>
      <OverreachOf party={party} from={from} until={until} />
    </>
  );
}
