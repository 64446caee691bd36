import {useState} from 'preact/hooks';
import {ask, forgetToken, keepToken, Refused} from '../api';
import {t} from '../language';
import {ErrorPanel} from '../parts/notes';

// The token is good when the hub answers with it.
export function SignIn({done}: {done: () => void}) {
  const [wrong, setWrong] = useState<string>();
  const [error, setError] = useState<Refused>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('token');
    const text = String(given ?? '').trim();
    setError(undefined);
    if (text === '') return setWrong(t('tokenEmpty'));
    keepToken(text);
    try {
      await ask('/api/v1/status');
      done();
    } catch (caught) {
      forgetToken();
      if (!(caught instanceof Refused)) throw caught;
      if (caught.status === 401) setWrong(t('tokenWrong'));
      else setError(caught);
    }
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <h1>{t('signIn')}</h1>
      <label for="token">{t('tokenLabel')}</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck={false} aria-describedby="token-hint token-wrong"
        aria-invalid={wrong !== undefined} />
      <p id="token-hint" class="quiet">{t('tokenHint')}</p>
      <p id="token-wrong" class="wrong" role="alert">{wrong}</p>
      <button type="submit" class="main">{t('signIn')}</button>
      {error && <ErrorPanel error={error} />}
    </form>
  );
}
