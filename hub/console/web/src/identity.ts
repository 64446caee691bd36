// Who uses this page: somebody with a session, whose cookie no script can read, or whoever has the hub's own token, which
// lives as long as the tab. That there may be a session is noted for the next visit, so that nobody else's browser asks.
import type {Session} from './answers';

const TOKEN = 'token';
const MAY_HAVE_SESSION = 'session';
// What the hub's own token permits (hub/access/permission.hpp).
const TOKEN_PERMISSIONS = ['status', 'documents', 'metadata', 'configuration', 'reports', 'evidence', 'actions', 'bodies', 'names', 'overreach'];

let current: Session | undefined;

export const token = () => sessionStorage.getItem(TOKEN);
export const keepToken = (text: string) => sessionStorage.setItem(TOKEN, text);
export const session = () => current;
export const mayHaveSession = () => localStorage.getItem(MAY_HAVE_SESSION) !== null;
export const csrf = () => current?.csrf ?? '';
export const may = (permission: string) => (current?.permissions ?? TOKEN_PERMISSIONS).includes(permission);

export function keepSession(session: Session) {
  current = session;
  expectSession();
}

// The browser leaves for a provider, and may come back with one.
export const expectSession = () => localStorage.setItem(MAY_HAVE_SESSION, 'true');

export function forgetIdentity() {
  current = undefined;
  sessionStorage.removeItem(TOKEN);
  localStorage.removeItem(MAY_HAVE_SESSION);
}
