import type { ReferralPlatform } from '../platform/referral-platform.ts';
import { rowsOf } from '../rows.ts';

/** What one transaction of the platform leaves in a journal. */
export interface Step {
  readonly events: readonly { readonly type: string; readonly data: string }[];
  readonly messages: readonly {
    readonly topic: string;
    readonly type: string;
    readonly value: string;
    readonly owner: 'referral' | 'hold' | 'service';
  }[];
}

/** The rows of one referral of this very run: what the bare pipeline writes too, byte for byte in size. */
export interface Shape {
  readonly request: Step;
  readonly held: Step;
  readonly accept: Step;
  readonly confirmed: Step;
  readonly hold: Step;
  readonly confirm: Step;
  readonly referralState: string;
  readonly offerView: string;
  readonly providerState: string;
}

interface JournalRow {
  version: number;
  type: string;
  data: string | null;
  topic: string | null;
  key: string | null;
  value: Buffer | null;
}

/** Reads the shape of a referral that was confirmed a moment ago. */
export async function readShape({ platform }: ReferralPlatform): Promise<Shape> {
  const [referral, shelter] = [platform.service('referral').ownerUrl, platform.service('shelter-capacity').ownerUrl];
  const [one] = await rowsOf<{ id: string; state: string; offer_id: string; view: string }>(
    referral,
    `SELECT r.id, r.state::text AS state, o.offer_id, o.view::text AS view FROM referral r JOIN offer o ON o.referral_id = r.id
     WHERE r.stage = 'awaiting-person' AND o.status = 'confirmed' AND (SELECT count(*) FROM offer n WHERE n.referral_id = r.id) = 1
     ORDER BY r.requested_at DESC LIMIT 1`,
  );
  if (!one) throw new Error('no referral was confirmed on the first try: the shape of a referral cannot be read');
  const journal = 'SELECT version, type, data::text AS data, topic, key, value FROM journal';
  const ours = await rowsOf<JournalRow>(referral, `${journal} WHERE aggregate_id = $1 ORDER BY position`, [one.id]);
  const theirs = await rowsOf<JournalRow>(
    shelter,
    `${journal} WHERE (aggregate_id, version) IN
       (SELECT aggregate_id, version FROM journal WHERE topic IS NOT NULL AND key = $1) ORDER BY position`,
    [one.offer_id],
  );
  const [provider] = await rowsOf<{ state: string }>(
    shelter,
    'SELECT state::text AS state FROM provider p JOIN hold_provider h ON h.provider_id = p.id WHERE h.hold_id = $1',
    [one.offer_id],
  );
  const step = (rows: readonly JournalRow[], marker: string): Step => {
    const version = rows.find(({ type }) => type.endsWith(marker))?.version;
    if (version === undefined) throw new Error(`the journal of a confirmed referral has no ${marker}`);
    return stepOf(
      rows.filter((row) => row.version === version),
      { referralId: one.id, holdId: one.offer_id },
    );
  };
  return {
    request: step(ours, 'ReferralRequested'),
    held: step(ours, 'OfferMade'),
    accept: step(ours, 'OfferAccepted'),
    confirmed: step(ours, 'UnitConfirmed'),
    hold: step(theirs, 'UnitsHeld'),
    confirm: step(theirs, 'UnitsConfirmed'),
    referralState: one.state,
    offerView: one.view,
    providerState: provider?.state ?? '{}',
  };
}

function stepOf(rows: readonly JournalRow[], { referralId, holdId }: { referralId: string; holdId: string }): Step {
  const ownerOf = (key: string | null) => (key === referralId ? 'referral' : key === holdId ? 'hold' : 'service');
  return {
    events: rows.flatMap(({ type, data }) => (data === null ? [] : [{ type, data }])),
    messages: rows.flatMap(({ type, topic, key, value }) =>
      topic === null || value === null ? [] : [{ topic, type, value: value.toString('base64'), owner: ownerOf(key) }],
    ),
  };
}

/** What one referral writes: journal rows, messages and bytes. */
export function weightOf(shape: Shape): { events: number; messages: number; bytes: number } {
  const steps = [shape.request, shape.held, shape.accept, shape.confirmed, shape.hold, shape.confirm];
  const events = steps.flatMap((one) => one.events);
  const messages = steps.flatMap((one) => one.messages);
  const bytes = [...events.map(({ data }) => data.length), ...messages.map(({ value }) => (value.length * 3) / 4)];
  return { events: events.length, messages: messages.length, bytes: Math.round(bytes.reduce((a, b) => a + b, 0)) };
}
