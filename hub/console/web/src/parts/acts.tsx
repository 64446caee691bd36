// Acts of people as a table: who did what, about which document, why, and the record that says so.
import type {Act} from '../answers';
import {numberText} from '../format';
import {t, tOr} from '../language';
import {partyName, typeName} from '../names';
import {link} from '../route';
import {Time} from './pieces';
import {Table} from './table';

const actText = (act: Act) => tOr(`act-${act.action}`, act.action);

function About({act}: {act: Act}) {
  if (act.document)
    return (
      <>
        <a href={link(`documents/${act.document.position}`)}>{typeName(act.document.type)}</a>
        <small>{partyName(act.document.sender)}{act.recipient && ` → ${partyName(act.recipient)}`}</small>
      </>
    );
  if (act.user) return <>{t('account')} <span class="code">{act.user}</span> <small>{act.role}</small></>;
  if (act.endpoint) return <span class="code">{act.endpoint}</span>;
  if (act.storage_key) return <>{t('storageKey')} <span class="code">{act.storage_key}</span></>;
  return <>{tOr(`item-${act.item}`, act.item ?? '')} <small class="code">{act.item_id}</small></>;
}

export const Acts = ({label, acts}: {label: string; acts: Act[]}) => (
  <Table label={label} rows={acts} id={(one) => one.position} columns={[
    {name: t('time'), cell: (one) => <Time at={one.time} />},
    {name: t('who'), cell: (one) => <span class="code">{one.actor}</span>},
    {name: t('act'), head: true, cell: (one) => <b>{actText(one)}</b>},
    {name: t('about'), wide: true, cell: (one) => <About act={one} />},
    {name: t('reason'), wide: true, cell: (one) => one.reason ?? '–'},
    {name: t('recordOf'), number: true, cell: (one) => numberText(one.position)},
  ]} />
);
