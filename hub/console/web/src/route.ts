// Where one is: "#/documents?sender=…". The hub serves one page, and nothing of this reaches it by the address.
import {useEffect, useState} from 'preact/hooks';

export interface Place {page: string; item: string; parameters: Record<string, string>}

export function placeOf(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const slash = path.indexOf('/');
  return {
    page: slash < 0 ? path : path.slice(0, slash),
    item: slash < 0 ? '' : decodeURI(path.slice(slash + 1)),
    parameters: Object.fromEntries(new URLSearchParams(search)),
  };
}

export function link(page: string, parameters: Record<string, string | undefined> = {}) {
  const given = Object.entries(parameters).filter((one): one is [string, string] => Boolean(one[1]));
  return `#/${encodeURI(page)}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`;
}

// `replace`: without a step of its own in the browser's history, as while somebody types.
export function go(to: string, replace = false) {
  if (replace) {
    history.replaceState(null, '', to);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = to;
  }
}

export function usePlace(): Place {
  const [hash, set] = useState(location.hash);
  useEffect(() => {
    const changed = () => set(location.hash);
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return placeOf(hash);
}
