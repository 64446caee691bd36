// An order that somebody gives here: why, and with which key. The key is kept until the page is left or closed.
import {useEffect, useMemo, useState} from 'preact/hooks';
import {Refused} from '../api';
import {Unable} from '../evidence/bytes';
import {numberText, timeText} from '../format';
import {t} from '../language';
import {countersign, readOrder, readOrderKey, sendOrder, signOrder} from '../orders';
import type {OrderKey, Says, SignedOrder} from '../orders';
import {ErrorPanel} from './notes';

export interface Wish {title: string; about: string; kind: string; says: Says; approvable?: boolean}

export const OrderButton = ({wish, choose}: {wish: Wish; choose: (wish: Wish) => void}) => (
  <button type="button" aria-label={`${wish.title}: ${wish.about}`} onClick={() => choose(wish)}>{wish.title}</button>
);

let kept: OrderKey | undefined;
const focus = (field: HTMLInputElement | null) => field?.focus();

async function chosenKey(file: File | undefined): Promise<OrderKey | undefined> {
  if (!file) return kept;
  try {
    return (kept = await readOrderKey(await file.text()));
  } catch (error) {
    if (error instanceof Unable) throw error;
    return undefined;
  }
}

// What another administrator has signed already: whoever approves it sees what it says.
function Approved({order}: {order: SignedOrder}) {
  const {statement, signatures} = order;
  return <p class="quiet">{t('orderApproves', {id: signatures[0]!.administrator.slice(0, 8), reason: String(statement['reason']), time: timeText(String(statement['time']))})}</p>;
}

function SavedOrder({order}: {order: SignedOrder}) {
  const address = useMemo(() => URL.createObjectURL(new Blob([JSON.stringify(order)], {type: 'application/json'})), [order]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return <p><a class="button" download="order.json" href={address}>{t('orderSave')}</a></p>;
}

export function OrderForm({wish, done}: {wish: Wish; done: () => void}) {
  const [wrong, setWrong] = useState<string>();
  const [refused, setRefused] = useState<Refused>();
  const [position, setPosition] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [first, setFirst] = useState<SignedOrder>();  // of another administrator
  const [given, setGiven] = useState<SignedOrder>();
  const takeFirst = async (file: File | undefined) => {
    const order = file && readOrder(await file.text(), wish.kind, wish.says);
    setFirst(order);
    setWrong(file && !order ? t('orderFileWrong') : undefined);
  };
  const give = async (form: HTMLFormElement) => {
    const reason = (form.elements.namedItem('reason') as HTMLInputElement).value.trim();
    setWrong(undefined);
    setRefused(undefined);
    if (reason === '' && !first) return setWrong(t('orderNeedsReason'));
    setBusy(true);
    try {
      const key = await chosenKey((form.elements.namedItem('key') as HTMLInputElement).files?.[0]);
      if (!key) return setWrong(t('orderNeedsKey'));
      const order = first ? await countersign(key, first) : await signOrder(key, wish.kind, wish.says, reason);
      setGiven(order);
      setPosition(await sendOrder(order));
    } catch (error) {
      if (error instanceof Refused) setRefused(error);
      else if (error instanceof Unable) setWrong(t('noWebCrypto'));
      else throw error;
    } finally {
      setBusy(false);
    }
  };
  if (position !== undefined)
    return (
      <div class="panel good" role="status">
        <strong>{wish.title}: {wish.about}</strong>
        <p>{t('orderRecorded', {n: numberText(position)})}</p>
        <button type="button" onClick={done}>{t('close')}</button>
      </div>
    );
  return (
    <form class="panel order" aria-label={wish.title} onSubmit={(event) => (event.preventDefault(), void give(event.currentTarget))}>
      <strong>{wish.title}: {wish.about}</strong>
      <p><label for="order-reason">{t('orderReason')}</label>
        <input id="order-reason" name="reason" autocomplete="off" maxLength={1000} disabled={first !== undefined} ref={focus} /></p>
      <p><label for="order-key">{t('orderKey')}</label>
        <input id="order-key" name="key" type="file" accept=".json" />
        {kept && <small>{t('orderKeyKept', {id: kept.id.slice(0, 8)})}</small>}</p>
      {wish.approvable && (
        <p><label for="order-first">{t('orderFirst')}</label>
          <input id="order-first" type="file" accept=".json" onChange={(event) => void takeFirst(event.currentTarget.files?.[0])} /></p>
      )}
      {first && <Approved order={first} />}
      <p class="quiet">{t('orderHint')}</p>
      {wrong && <p role="alert" class="wrong">{wrong}</p>}
      {refused && <ErrorPanel error={refused} />}
      {refused?.error?.code === 'approval-needed' && given && <SavedOrder order={given} />}
      <p class="row"><button type="submit" disabled={busy}>{t('orderGive')}</button> <button type="button" onClick={done}>{t('cancel')}</button></p>
    </form>
  );
}
