// What people call parties, types and agreements; asked once a sign-in, as they change seldom.
import {ask} from './api';
import type {AgreementName, Label, Names} from './answers';
import {language} from './language';

let known: Names = {parties: [], types: [], agreements: []};
let byId = {parties: new Map<string, Label>(), types: new Map<string, Label>(), agreements: new Map<string, AgreementName>()};

export async function loadNames() {
  known = (await (await ask('/api/v1/names')).json()) as Names;
  byId = {
    parties: new Map(known.parties.map((one) => [one.id, one])),
    types: new Map(known.types.map((one) => [one.id, one])),
    agreements: new Map(known.agreements.map((one) => [one.id, one])),
  };
}

export const names = () => known;
export const partyName = (id: string) => byId.parties.get(id)?.[language()] ?? id;
export const agreementOf = (id: string) => byId.agreements.get(id);
export const agreementName = (id: string) => agreementOf(id)?.[language()] ?? id;
// With its version or without one.
export const typeName = (id: string) =>
  (byId.types.get(id) ?? known.types.find((one) => one.id.startsWith(`${id}/`)))?.[language()] ?? id;
