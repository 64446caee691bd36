// A report as files. The token goes in a header, so a link alone can't download.
import {useState} from 'preact/hooks';
import {ask, query, Refused} from '../api';
import {t} from '../language';
import type {TextName} from '../language';
import {ErrorPanel} from './notes';

type Parameters = Record<string, string>;

export interface Download {file: string; text: TextName; form: Parameters}

export function Downloads({path, given, files}: {path: string; given: Parameters; files: Download[]}) {
  const [trouble, setTrouble] = useState<Refused>();
  const save = async ({file, form}: Download) => {
    try {
      setTrouble(undefined);
      const blob = await (await ask(`${path}${query({...given, ...form})}`)).blob();
      const address = URL.createObjectURL(blob);
      Object.assign(document.createElement('a'), {href: address, download: file}).click();
      URL.revokeObjectURL(address);
    } catch (caught) {
      if (caught instanceof Refused) setTrouble(caught);
    }
  };
  return (
    <>
      <p class="row">
        {files.map((one) => <button key={one.file} type="button" onClick={() => save(one)}>{t(one.text)}</button>)}
      </p>
      {trouble && <ErrorPanel error={trouble} />}
    </>
  );
}
