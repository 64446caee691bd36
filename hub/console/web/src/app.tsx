// The frame of every page: who signs in sees the page that the address names.
import type {ComponentType} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {ask, signOut, whenSignedOut} from './api';
import type {Refused} from './api';
import type {Session} from './answers';
import {numberText} from './format';
import {keepSession, may, mayHaveSession, session, token} from './identity';
import {language, setLanguage, t, tOr} from './language';
import type {TextName} from './language';
import {startLive, stopLive, useTold} from './live';
import {loadNames} from './names';
import {DocumentPage} from './pages/document';
import {DocumentsPage} from './pages/documents';
import {InvitationPage} from './pages/invitation';
import {SignIn} from './pages/sign_in';
import {StatusPage} from './pages/status';
import {ErrorPanel, Loading} from './parts/notes';
import {link, usePlace} from './route';
import type {Place} from './route';

interface Page {
  component?: ComponentType<{place: Place}>;
  load?: () => Promise<{Page: ComponentType<{place: Place}>}>;
  title: TextName;
  needs?: string;  // the permission without which it is not shown
  ofViewers?: boolean;  // shown to them alone: others see more elsewhere
}

// Pages that most visits don't need are fetched when they are opened.
const PAGES: Record<string, Page> = {
  documents: {component: DocumentsPage, title: 'documents', needs: 'documents'},
  flow: {load: () => import('./pages/flow'), title: 'flow', needs: 'metadata'},
  status: {component: StatusPage, title: 'status', needs: 'status'},
  alerts: {load: () => import('./pages/alerts'), title: 'alerts', needs: 'status'},
  failures: {load: () => import('./pages/failures'), title: 'failures', needs: 'metadata'},
  agreements: {load: () => import('./pages/agreements'), title: 'agreements', needs: 'configuration'},
  evidence: {load: () => import('./pages/evidence'), title: 'evidence'},
  reports: {load: () => import('./pages/reports'), title: 'reports', needs: 'reports'},
  overreach: {load: () => import('./pages/overreach'), title: 'overreachTitle', needs: 'overreach', ofViewers: true},
  audit: {load: () => import('./pages/audit'), title: 'audit', needs: 'reports'},
  users: {load: () => import('./pages/users'), title: 'users', needs: 'users'},
};
const DOCUMENT: Page = {component: DocumentPage, title: 'documents', needs: 'documents'};
const shown = (page: Page) =>
  (page.needs === undefined || may(page.needs)) && (!page.ofViewers || session()?.party !== undefined);
// Where one is without saying so: the first page that one may see.
const firstPage = () => Object.keys(PAGES).find((name) => shown(PAGES[name]!)) ?? 'evidence';

// How many things are wrong now, beside the page's name.
function AlertCount() {
  const count = useTold('alerts')?.alerts.length ?? 0;
  return count > 0 ? <> <span class="count">{numberText(count)}</span></> : null;
}

function Who() {
  const who = session();
  if (!who) return <span class="who">{t('signedInByToken')}</span>;
  return <span class="who">{who.user} <small>{who.roles.map((role) => tOr(`role-${role}`, role)).join(', ')}{who.party && ` · ${who.party}`}</small></span>;
}

function Shown({page, place}: {page: Page; place: Place}) {
  const [found, set] = useState<ComponentType<{place: Place}> | undefined>(() => page.component);
  useEffect(() => {
    if (!page.component && page.load) page.load().then(({Page}) => set(() => Page));
  }, []);
  const Found = found;
  return Found ? <Found place={place} /> : <Loading />;
}

export function App() {
  const [, redraw] = useState(0);
  const [signedIn, sign] = useState(token() !== null);
  const [looking, setLooking] = useState(token() === null && mayHaveSession());
  const [ready, setReady] = useState(false);
  const [trouble, setTrouble] = useState<Refused>();
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  const name = place.page === '' ? firstPage() : place.page;
  const known = name === 'documents' && place.item ? DOCUMENT : PAGES[name];
  const page = known && shown(known) ? known : undefined;
  const isInvited = place.page === 'invitation';

  whenSignedOut(() => (stopLive(), sign(false), setReady(false)));
  useEffect(() => {
    if (!looking) return;
    ask('/api/v1/session').then(async (answer) => (keepSession((await answer.json()) as Session), sign(true)), () => signOut())
      .finally(() => setLooking(false));
  }, []);
  useEffect(() => {
    if (!signedIn) return;
    setTrouble(undefined);
    if (may('status')) void startLive();
    if (!may('names')) return setReady(true);  // ids instead of names
    loadNames().then(
      () => setReady(true),
      (error: Refused) => {
        if (error.status === 401) return signOut();
        // Without a ledger, or its database, there are no names; what is live can be shown.
        if (error.error?.code.startsWith('ledger-')) return setReady(true);
        setTrouble(error);
      });
  }, [signedIn]);
  useEffect(() => {
    document.title = `${isInvited ? t('setPassword') : page ? t(page.title) : t('noSuchPage')} · ${t('hub')}`;
  });
  // Whoever uses a keyboard or a screen reader goes on in the new page.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus({preventScroll: true});
    first.current = false;
    window.scrollTo(0, 0);
  }, [place.page, place.item]);

  const leave = () => {
    if (!session()) return signOut();
    ask('/api/v1/session', undefined, {method: 'DELETE'}).then(() => signOut(), (error: Refused) => (error.status === 401 ? signOut() : setTrouble(error)));
  };
  const choose = (to: 'vi' | 'en') => {
    setLanguage(to);
    redraw((n) => n + 1);
  };

  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>{t('skip')}</a>
      <header>
        <a class="brand" href={link('')}>{t('hub')}</a>
        {signedIn && (
          <nav aria-label={t('menu')}>
            {Object.entries(PAGES).filter(([, one]) => shown(one)).map(([id, one]) => (
              <a key={id} href={link(id)} aria-current={name === id ? 'page' : undefined}>{t(one.title)}{id === 'alerts' && <AlertCount />}</a>
            ))}
          </nav>
        )}
        <div class="tools">
          <button type="button" class="plain" lang={language() === 'vi' ? 'en' : 'vi'} onClick={() => choose(language() === 'vi' ? 'en' : 'vi')}>
            {language() === 'vi' ? 'English' : 'Tiếng Việt'}
          </button>
          {signedIn && <Who />}
          {signedIn && <button type="button" class="plain" onClick={leave}>{t('signOut')}</button>}
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {isInvited ? <InvitationPage place={place} done={() => (sign(true), redraw((n) => n + 1))} />
          : looking ? <Loading />
          : !signedIn ? <SignIn done={() => sign(true)} />
          : trouble ? <ErrorPanel error={trouble} />
          : !ready ? <Loading />
          : !page ? <p>{t('noSuchPage')}</p>
          : <Shown key={`${name} ${place.item}`} page={page} place={place} />}
      </main>
      {signedIn && <footer>{t('zone')}</footer>}
    </>
  );
}
