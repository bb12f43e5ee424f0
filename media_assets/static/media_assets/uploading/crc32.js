/* A worker that tells the CRC32 of a piece of a file, as object storage writes it. Sixteen tables at a time: a gigabyte
   takes a second or two, and a megabyte of it is in memory. */
"use strict";

const BLOCK = 1024 * 1024;
const TABLES = (() => {
  const tables = Array.from({ length: 16 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[0][byte] = crc >>> 0;
  }
  for (let byte = 0; byte < 256; byte += 1) {
    for (let table = 1; table < 16; table += 1) {
      const before = tables[table - 1][byte];
      tables[table][byte] = ((before >>> 8) ^ tables[0][before & 255]) >>> 0;
    }
  }
  return tables;
})();

function advance(crc, bytes) {
  const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = TABLES;
  let at = 0;
  for (const end = bytes.length - 15; at < end; at += 16) {
    crc =
      t15[(bytes[at] ^ crc) & 255] ^ t14[(bytes[at + 1] ^ (crc >>> 8)) & 255] ^
      t13[(bytes[at + 2] ^ (crc >>> 16)) & 255] ^ t12[bytes[at + 3] ^ (crc >>> 24)] ^
      t11[bytes[at + 4]] ^ t10[bytes[at + 5]] ^ t9[bytes[at + 6]] ^ t8[bytes[at + 7]] ^
      t7[bytes[at + 8]] ^ t6[bytes[at + 9]] ^ t5[bytes[at + 10]] ^ t4[bytes[at + 11]] ^
      t3[bytes[at + 12]] ^ t2[bytes[at + 13]] ^ t1[bytes[at + 14]] ^ t0[bytes[at + 15]];
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 255];
  return crc >>> 0;
}

async function checksum(blob) {
  let crc = 0xffffffff;
  for (let at = 0; at < blob.size; at += BLOCK) {
    crc = advance(crc, new Uint8Array(await blob.slice(at, at + BLOCK).arrayBuffer()));
  }
  crc = (crc ^ 0xffffffff) >>> 0;
  return btoa(String.fromCharCode(crc >>> 24, (crc >>> 16) & 255, (crc >>> 8) & 255, crc & 255));
}

self.addEventListener("message", async ({ data: { id, blob } }) => {
  try {
    self.postMessage({ id, checksum: await checksum(blob) });
  } catch (error) {
    self.postMessage({ id, error: String(error) }); // the file was changed or taken away since it was chosen
  }
});
