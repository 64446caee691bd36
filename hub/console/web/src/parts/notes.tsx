// What a page says while it waits, and when something is wrong.
import type {Refused} from '../api';
import {t} from '../language';

export const Loading = () => <p class="quiet" role="status">{t('loading')}</p>;

export function ErrorPanel({error}: {error: Refused}) {
  const {title, reason, action} = error.texts();
  return (
    <div class="panel bad" role="alert">
      <strong>{title}</strong>
      <p>{reason}</p>
      <p><b>{t('whatToDo')}:</b> {action}</p>
      <button type="button" onClick={() => location.reload()}>{t('again')}</button>
    </div>
  );
}
