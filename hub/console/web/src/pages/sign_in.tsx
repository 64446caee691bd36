import {useEffect, useState} from 'preact/hooks';
import type {Session, Ways} from '../answers';
import {ask, Refused} from '../api';
import {expectSession, forgetIdentity, keepSession, keepToken} from '../identity';
import {t} from '../language';
import {ErrorPanel} from '../parts/notes';

const field = (form: HTMLFormElement, name: string) => String(new FormData(form).get(name) ?? '');

export async function beginSession(user: string, password: string) {
  keepSession((await (await ask('/api/v1/session', undefined, {method: 'POST', body: {user, password}})).json()) as Session);
}

// The token is good when the hub answers with it.
function TokenForm({done}: {done: () => void}) {
  const [wrong, setWrong] = useState<string>();
  const [error, setError] = useState<Refused>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const text = field(event.currentTarget as HTMLFormElement, 'token').trim();
    setError(undefined);
    if (text === '') return setWrong(t('tokenEmpty'));
    keepToken(text);
    try {
      await ask('/api/v1/status');
      done();
    } catch (caught) {
      forgetIdentity();
      if (!(caught instanceof Refused)) throw caught;
      if (caught.status === 401) setWrong(t('tokenWrong'));
      else setError(caught);
    }
  };
  return (
    <form onSubmit={submit}>
      <label for="token">{t('tokenLabel')}</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck={false} aria-describedby="token-hint token-wrong"
        aria-invalid={wrong !== undefined} />
      <p id="token-hint" class="quiet">{t('tokenHint')}</p>
      <p id="token-wrong" class="wrong" role="alert">{wrong}</p>
      <button type="submit">{t('signInByToken')}</button>
      {error && <ErrorPanel error={error} />}
    </form>
  );
}

// By the provider that the hub's users have elsewhere already, where the hub is configured so. It comes back to this page.
function SingleSignOn() {
  const [ways, setWays] = useState<Ways>();
  useEffect(() => {
    const abort = new AbortController();
    // Without an answer there are the other ways, whose forms say what is wrong.
    ask('/api/v1/session/ways', abort.signal).then(async (answer) => setWays((await answer.json()) as Ways), () => {});
    return () => abort.abort();
  }, []);
  if (!ways?.sign_on) return null;
  return <p><a class="button" href="/api/v1/sign-on" onClick={expectSession}>{t('singleSignOn')}</a></p>;
}

export function SignIn({done}: {done: () => void}) {
  const [wrong, setWrong] = useState<string>();
  const [error, setError] = useState<Refused>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setError(undefined);
    setWrong(undefined);
    try {
      await beginSession(field(form, 'user').trim(), field(form, 'password'));
      done();
    } catch (caught) {
      if (!(caught instanceof Refused)) throw caught;
      if (caught.status === 400) setWrong(t('userAndPasswordNeeded'));
      else if (caught.status === 401) setWrong(`${caught.texts().reason} ${caught.texts().action}`);
      else setError(caught);
    }
  };
  return (
    <div class="sign-in">
      <h1>{t('signIn')}</h1>
      <SingleSignOn />
      <form onSubmit={submit}>
        <label for="user">{t('userLabel')}</label>
        <input id="user" name="user" type="text" autocomplete="username" autocapitalize="none" spellcheck={false}
          aria-describedby="sign-in-wrong" />
        <label for="password">{t('passwordLabel')}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" aria-describedby="sign-in-wrong"
          aria-invalid={wrong !== undefined} />
        <p id="sign-in-wrong" class="wrong" role="alert">{wrong}</p>
        <button type="submit" class="main">{t('signIn')}</button>
        {error && <ErrorPanel error={error} />}
      </form>
      <details>
        <summary>{t('tokenSummary')}</summary>
        <TokenForm done={done} />
      </details>
    </div>
  );
}
