// A table that becomes one block a row where the window is narrow. The roles keep it a table for screen readers then.
import type {ComponentChildren} from 'preact';

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ComponentChildren;
  number?: boolean;
  wide?: boolean;   // takes the room that is left
  head?: boolean;   // names the row
}

export function Table<Row>({label, columns, rows, id}: {
  label: string; columns: Column<Row>[]; rows: readonly Row[]; id: (row: Row) => string | number;
}) {
  const kind = (one: Column<Row>) => [one.number && 'number', one.wide && 'wide'].filter(Boolean).join(' ') || undefined;
  return (
    <table role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((one) => <th key={one.name} role="columnheader" scope="col" class={kind(one)}>{one.name}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={id(row)} role="row">
            {columns.map((one) => one.head
              ? <th key={one.name} role="rowheader" scope="row" class={kind(one)} data-name={one.name}><div>{one.cell(row)}</div></th>
              : <td key={one.name} role="cell" class={kind(one)} data-name={one.name}><div>{one.cell(row)}</div></td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
