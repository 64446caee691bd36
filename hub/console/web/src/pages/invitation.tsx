// What an invitation's link opens: a password is set, and whoever set it is signed in.
import {useState} from 'preact/hooks';
import {ask, Refused} from '../api';
import {t} from '../language';
import {go, link} from '../route';
import type {Place} from '../route';
import {beginSession} from './sign_in';

export function InvitationPage({place, done}: {place: Place; done: () => void}) {
  const [wrong, setWrong] = useState<string>();
  const isFirst = place.parameters.first === 'true';
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const password = String(given.get('password') ?? ''), again = String(given.get('again') ?? '');
    if (password !== again) return setWrong(t('passwordsDiffer'));
    const user = String(given.get('user') ?? '').trim();
    const body = {token: place.parameters.token ?? '', password, ...(isFirst ? {user} : {})};
    try {
      const set = (await (await ask('/api/v1/invitations/accept', undefined, {method: 'POST', body})).json()) as {user: string};
      await beginSession(set.user, password);
    } catch (caught) {
      if (!(caught instanceof Refused)) throw caught;
      return setWrong(`${caught.texts().reason} ${caught.texts().action}`);
    }
    go(link(''), true);  // the link is used up, and need not stand in the history
    done();
  };
  return (
    <div class="sign-in">
      <h1>{t('setPassword')}</h1>
      <p>{t(isFirst ? 'setPasswordFirst' : 'setPasswordHint')}</p>
      <form onSubmit={submit}>
        {isFirst && (
          <>
            <label for="user">{t('userLabel')}</label>
            <input id="user" name="user" type="text" autocomplete="username" autocapitalize="none" spellcheck={false} required
              aria-describedby="user-hint" />
            <p id="user-hint" class="quiet">{t('userHint')}</p>
          </>
        )}
        <label for="password">{t('newPassword')}</label>
        <input id="password" name="password" type="password" autocomplete="new-password" minLength={12} maxLength={128} required
          aria-describedby="password-hint" />
        <p id="password-hint" class="quiet">{t('passwordHint')}</p>
        <label for="again">{t('passwordAgain')}</label>
        <input id="again" name="again" type="password" autocomplete="new-password" required aria-describedby="password-wrong" />
        <p id="password-wrong" class="wrong" role="alert">{wrong}</p>
        <button type="submit" class="main">{t('setPassword')}</button>
      </form>
    </div>
  );
}
