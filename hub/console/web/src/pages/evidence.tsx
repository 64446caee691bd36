// The newest checkpoint, and a receipt that is checked here: by this browser's own cryptography, with a key that its user
// got by another way. The hub is not asked.
import {useEffect, useState} from 'preact/hooks';
import {ask, Refused} from '../api';
import {checkReceipt} from '../evidence/receipt';
import type {FactKind, Finding, Verdict} from '../evidence/receipt';
import {inVietnamese} from '../evidence/reasons';
import {openCheckpoint, parseVerifierKey, readCheckpoint} from '../evidence/tlog';
import type {Checkpoint} from '../evidence/tlog';
import {toBase64} from '../evidence/bytes';
import {numberText} from '../format';
import {language, t, tOr} from '../language';
import {typeName} from '../names';
import {ErrorPanel, Loading} from '../parts/notes';
import {Code, Fact, Head, Mark, Party, stateText, Time} from '../parts/pieces';
import type {Tone} from '../parts/pieces';

const KEPT = 'tree-key';

function Newest({treeKey}: {treeKey: string}) {
  const [seen, set] = useState<{note: string; checkpoint: Checkpoint} | 'none'>();
  const [error, setError] = useState<Refused>();
  const [signed, setSigned] = useState<Tone>();
  useEffect(() => {
    ask('/checkpoint').then((answer) => answer.text()).then(
      (note) => set({note, checkpoint: readCheckpoint(note)}),
      (caught: Refused) => (caught.status === 404 ? set('none') : setError(caught)));
  }, []);
  useEffect(() => {
    setSigned(undefined);
    if (treeKey === '' || seen === undefined || seen === 'none') return;
    parseVerifierKey(treeKey).then((key) => openCheckpoint(seen.note, key)).then(() => setSigned('good'), () => setSigned('bad'));
  }, [treeKey, seen]);
  if (error) return <ErrorPanel error={error} />;
  if (!seen) return <Loading />;
  if (seen === 'none') return <p>{t('noCheckpoint')}</p>;
  const {origin, size, root, signers} = seen.checkpoint;
  return (
    <dl class="facts">
      <Fact name={t('origin')}>{origin}</Fact>
      <Fact name={t('records')}>{numberText(Number(size))}</Fact>
      <Fact name={t('root')}><Code>{toBase64(root)}</Code></Fact>
      <Fact name={t('signedBy')}>
        {signers.map((one) => <div key={one}><Code>{one}</Code></div>)}
        {signed && <Mark tone={signed}>{t(signed === 'good' ? 'signatureGood' : 'signatureBad')}</Mark>}
      </Fact>
    </dl>
  );
}

function Shown({value, kind}: {value: string; kind: FactKind}) {
  switch (kind) {
    case 'time': return <Time at={value} />;
    case 'number': return <>{numberText(Number(value))}</>;
    case 'party': return <Party id={value} />;
    case 'digest': return <Code>{value}</Code>;
    case 'state': return <>{value === 'accepted' ? t('accepted') : tOr(`state-${value}`, stateText(value))}</>;
    case 'type': return <>{typeName(value)}</>;
    default: return <>{value}</>;
  }
}

// A step whose findings are several, as the records, is one line with all of them.
function steps(findings: Finding[]) {
  const out: Finding[][] = [];
  for (const one of findings) {
    const last = out.at(-1);
    if (last?.[0]?.step === one.step) last.push(one);
    else out.push([one]);
  }
  return out;
}

function Why({reason}: {reason: string}) {
  const vietnamese = language() === 'vi' ? inVietnamese(reason) : undefined;
  return <>{vietnamese && <p>{vietnamese}</p>}<p lang="en" class={vietnamese && 'quiet'}>{reason}</p></>;
}

function Result({verdict, name}: {verdict: Verdict; name: string}) {
  const {findings, failure} = verdict;
  return (
    <div class={`panel ${failure ? 'bad' : 'good'}`} role="status">
      <h3><Mark tone={failure ? 'bad' : 'good'}>{t(failure ? 'receiptFails' : 'receiptHolds')}</Mark></h3>
      <p class="quiet">{name}</p>
      {failure && <p><b>{t('whatToDo')}:</b> {t('receiptFailsAction')}</p>}
      <ol class="checks">
        {steps(findings).map((group) => (
          <li key={group[0]!.step}>
            <Mark tone="good">{tOr(`step-${group[0]!.step}`, group[0]!.step)}</Mark>
            {group.map((one, i) => (
              <dl key={i} class="facts">
                {one.facts.map(([fact, value, kind]) => <Fact key={fact} name={tOr(fact, fact)}><Shown value={value} kind={kind} /></Fact>)}
              </dl>
            ))}
          </li>
        ))}
        {failure && <li><Mark tone="bad">{t('stepFails', {step: tOr(`step-${failure.step}`, failure.step)})}</Mark><Why reason={failure.reason} /></li>}
      </ol>
    </div>
  );
}

export function Page() {
  const [treeKey, setTreeKey] = useState(localStorage.getItem(KEPT) ?? '');
  const [file, setFile] = useState<{name: string; text: string}>();
  const [verdict, setVerdict] = useState<Verdict>();
  const [over, setOver] = useState(false);
  const [unable, setUnable] = useState(false);
  const keep = (text: string) => {
    setTreeKey(text.trim());
    localStorage.setItem(KEPT, text.trim());
  };
  // Bytes that are no UTF-8 would be replaced in silence, and the text be another one than was signed.
  const take = async (given: File | undefined) => {
    setOver(false);
    if (!given) return;
    const bytes = await given.arrayBuffer();
    let text = '';
    try {
      text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch { /* no text is no receipt */ }
    setFile({name: given.name, text});
  };
  useEffect(() => {
    setVerdict(undefined);
    if (file && treeKey !== '') checkReceipt(file.text, treeKey).then(setVerdict, () => setUnable(true));
  }, [file, treeKey]);
  return (
    <>
      <Head title={t('evidenceTitle')} />
      <section>
        <h2>{t('checkpointTitle')}</h2>
        <p class="quiet">{t('checkpointHint')}</p>
        <Newest treeKey={treeKey} />
      </section>
      <section>
        <h2>{t('checkTitle')}</h2>
        <p class="quiet">{t('checkHint')}</p>
        <p><label for="tree-key">{t('treeKey')}</label>
          <input id="tree-key" value={treeKey} spellcheck={false} autocomplete="off" aria-describedby="tree-key-hint"
            onInput={(event) => keep((event.currentTarget as HTMLInputElement).value)} /></p>
        <p id="tree-key-hint" class="quiet">{t('treeKeyHint')}</p>
        <div class={over ? 'drop over' : 'drop'} onDragOver={(event) => (event.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)}
          onDrop={(event) => (event.preventDefault(), void take(event.dataTransfer?.files[0]))}>
          <label for="receipt">{t('receiptFile')}</label>
          <input id="receipt" type="file" onChange={(event) => void take((event.currentTarget as HTMLInputElement).files?.[0])} />
          <p class="quiet">{t('drop')}</p>
        </div>
        {file && treeKey === '' && <p class="wrong" role="alert">{t('keyMissing')}</p>}
        {unable && <p class="wrong" role="alert">{t('noWebCrypto')}</p>}
        {file && verdict && <Result verdict={verdict} name={file.name} />}
      </section>
    </>
  );
}
