/** The people of the sample office, and the account that Lintel signs in with. */
export const DOMAIN = 'lintel.example';
export const OFFICE_NAME = 'Fjord & Fell';

export type PersonSeed = { alias: string; name: string };

/** Address parts are plain ASCII, as directories make them. */
export const PEOPLE: PersonSeed[] = [
  { alias: 'ingrid.solberg', name: 'Ingrid Solberg' },
  { alias: 'lukasz.wisniewski', name: 'Łukasz Wiśniewski' },
  { alias: 'zofia.novakova', name: 'Žofia Nováková' },
  { alias: 'ase.brathen', name: 'Åse Bråthen' },
  { alias: 'amara.okafor', name: 'Amara Okafor' },
  { alias: 'kenji.tanaka', name: 'Kenji Tanaka' },
  { alias: 'priya.raghunathan', name: 'Priya Raghunathan' },
  { alias: 'mateo.fernandez', name: 'Mateo Fernández Ibáñez' },
  { alias: 'eilidh.macleod', name: 'Eilidh MacLeod' },
  { alias: 'joao.conceicao', name: 'João da Conceição' },
  { alias: 'selin.yildiz', name: 'Selin Yıldız' },
  { alias: 'bjorn.aegisson', name: 'Björn Ægisson' },
  { alias: 'chloe.lefevre', name: 'Chloé Lefèvre' },
  { alias: 'nguyen.thi.huong', name: 'Nguyễn Thị Hương' },
  { alias: 'tomasz.zolc', name: 'Tomasz Żółć' },
  { alias: 'maximilian.gross', name: 'Maximilian Groß-Habermann' },
];

export const SERVICE_ACCOUNT = { alias: 'panels', name: 'Lintel Panels' };
