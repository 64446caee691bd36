// The frame of every page: who signs in sees the page that the address names.
import type {ComponentType} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {signOut, token, whenSignedOut} from './api';
import type {Refused} from './api';
import {language, setLanguage, t} from './language';
import type {TextName} from './language';
import {loadNames} from './names';
import {DocumentPage} from './pages/document';
import {DocumentsPage} from './pages/documents';
import {SignIn} from './pages/sign_in';
import {StatusPage} from './pages/status';
import {ErrorPanel, Loading} from './parts/notes';
import {link, usePlace} from './route';
import type {Place} from './route';

interface Page {component?: ComponentType<{place: Place}>; load?: () => Promise<{Page: ComponentType<{place: Place}>}>; title: TextName}

// Pages that most visits don't need are fetched when they are opened.
const PAGES: Record<string, Page> = {
  documents: {component: DocumentsPage, title: 'documents'},
  flow: {load: () => import('./pages/flow'), title: 'flow'},
  status: {component: StatusPage, title: 'status'},
  failures: {load: () => import('./pages/failures'), title: 'failures'},
  agreements: {load: () => import('./pages/agreements'), title: 'agreements'},
  evidence: {load: () => import('./pages/evidence'), title: 'evidence'},
  reports: {load: () => import('./pages/reports'), title: 'reports'},
  audit: {load: () => import('./pages/audit'), title: 'audit'},
};
const DOCUMENT: Page = {component: DocumentPage, title: 'documents'};

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
  const [ready, setReady] = useState(false);
  const [trouble, setTrouble] = useState<Refused>();
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  const name = place.page === '' ? 'documents' : place.page;
  const page = name === 'documents' && place.item ? DOCUMENT : PAGES[name];

  whenSignedOut(() => (sign(false), setReady(false)));
  useEffect(() => {
    if (!signedIn) return;
    setTrouble(undefined);
    loadNames().then(
      () => setReady(true),
      (error: Refused) => {
        if (error.status === 401) return signOut();
        // Without a ledger there are no names; what is live can be shown.
        if (error.error?.code === 'ledger-missing') return setReady(true);
        setTrouble(error);
      });
  }, [signedIn]);
  useEffect(() => {
    document.title = `${page ? t(page.title) : t('noSuchPage')} · ${t('hub')}`;
  });
  // Whoever uses a keyboard or a screen reader goes on in the new page.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus({preventScroll: true});
    first.current = false;
    window.scrollTo(0, 0);
  }, [place.page, place.item]);

  const choose = (to: 'vi' | 'en') => {
    setLanguage(to);
    redraw((n) => n + 1);
  };

  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>{t('skip')}</a>
      <header>
        <a class="brand" href={link('documents')}>{t('hub')}</a>
        {signedIn && (
          <nav aria-label={t('menu')}>
            {Object.entries(PAGES).map(([id, one]) => (
              <a key={id} href={link(id)} aria-current={name === id ? 'page' : undefined}>{t(one.title)}</a>
            ))}
          </nav>
        )}
        <div class="tools">
          <button type="button" class="plain" lang={language() === 'vi' ? 'en' : 'vi'} onClick={() => choose(language() === 'vi' ? 'en' : 'vi')}>
            {language() === 'vi' ? 'English' : 'Tiếng Việt'}
          </button>
          {signedIn && <button type="button" class="plain" onClick={() => signOut()}>{t('signOut')}</button>}
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {!signedIn ? <SignIn done={() => sign(true)} />
          : trouble ? <ErrorPanel error={trouble} />
          : !ready ? <Loading />
          : !page ? <p>{t('noSuchPage')}</p>
          : <Shown key={`${name} ${place.item}`} page={page} place={place} />}
      </main>
      {signedIn && <footer>{t('zone')}</footer>}
    </>
  );
}
