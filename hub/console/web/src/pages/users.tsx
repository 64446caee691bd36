// Who may do what, and links to set a password. Roles are handed out at the command line, with an administrator's key.
import {useState} from 'preact/hooks';
import type {InvitationLink, UserRow, UserRows} from '../answers';
import {ask, Refused, useAnswer} from '../api';
import {t, tOr} from '../language';
import {ErrorPanel, Loading} from '../parts/notes';
import {Head, Party, Time} from '../parts/pieces';
import {Table} from '../parts/table';

export const roleText = (role: string) => tOr(`role-${role}`, role);

function Roles({row}: {row: UserRow}) {
  return <>{row.roles.map(roleText).join(', ')}{row.party && <> · <Party id={row.party} /></>}</>;
}

export function Page() {
  const {value, error} = useAnswer<UserRows>('/api/v1/users');
  const [invited, setInvited] = useState<InvitationLink>();
  const [refused, setRefused] = useState<Refused>();
  const invite = async (user: string) => {
    setRefused(undefined);
    try {
      const path = `/api/v1/users/${encodeURIComponent(user)}/invitation`;
      setInvited((await (await ask(path, undefined, {method: 'POST'})).json()) as InvitationLink);
    } catch (caught) {
      if (!(caught instanceof Refused)) throw caught;
      setRefused(caught);
    }
  };
  return (
    <>
      <Head title={t('users')} />
      {error && <ErrorPanel error={error} />}
      {refused && <ErrorPanel error={refused} />}
      {invited && (
        <div class="panel" role="status">
          <strong>{t('invitationFor', {user: invited.user})}</strong>
          <p>{t('invitationHint')} <Time at={invited.expires} /></p>
          <pre>{invited.link}</pre>
        </div>
      )}
      {!value ? !error && <Loading /> : (
        <Table label={t('users')} rows={value.users} id={(row) => row.user} columns={[
          {name: t('userLabel'), cell: (row) => row.user, head: true},
          {name: t('roles'), cell: (row) => <Roles row={row} />, wide: true},
          {name: t('invitation'), cell: (row) => (
            <button type="button" onClick={() => void invite(row.user)} aria-label={`${t('invite')}: ${row.user}`}>{t('invite')}</button>
          )},
        ]} />
      )}
      <p class="quiet">{t('rolesHint')}</p>
      <pre>{`hubctl user grant van-thu.ubnd --role operator --reason "…" --key administrator.json \\
  --data data --api http://127.0.0.1:7480 --token-file data/keys/api-token`}</pre>
    </>
  );
}
