import { inflateRawSync } from 'node:zlib';

/** The files of a zip by name, as text: by its central directory, which tells where each begins and how long it is. */
function unzipped(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (
    let at = bytes.indexOf('PK\u0001\u0002', 0, 'latin1');
    at >= 0;
    at = bytes.indexOf('PK\u0001\u0002', at + 4, 'latin1')
  ) {
    const [size, nameLength] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const from = bytes.readUInt32LE(at + 42);
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString();
    const start = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28);
    const held = bytes.subarray(start, start + size);
    files.set(name, (bytes.readUInt16LE(at + 10) === 0 ? held : inflateRawSync(held)).toString());
  }
  return files;
}

const plain = (xml: string): string =>
  xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** The cells of the first sheet of a workbook, row by row, as text. */
export function rowsOf(bytes: Buffer): string[][] {
  const files = unzipped(bytes);
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, one = '']) =>
    plain(one.replace(/<[^>]+>/g, '')),
  );
  const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
  return [...sheet.matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<c([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes = '', inner = '']) => {
      const value = plain(inner.replace(/<[^>]+>/g, ''));
      return attributes.includes('t="s"') ? (shared[Number(value)] ?? '') : value;
    }),
  );
}
