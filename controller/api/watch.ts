import { isKind } from '../../events/event.ts';
import type { CampaignEvent } from '../../proto/generated/ordeal/v1/CampaignEvent.ts';
import type { WatchCampaignRequest__Output } from '../../proto/generated/ordeal/v1/WatchCampaignRequest.ts';
import type { Controller } from '../controller.ts';

/** From the stream, whose sequence numbers outlive this controller: a watcher goes on where it was, with any other. */
export async function* watchCampaign(
  controller: Controller,
  { id, fromSequence }: WatchCampaignRequest__Output,
  signal: AbortSignal,
): AsyncGenerator<CampaignEvent> {
  await controller.ready();
  const { record } = controller.campaigns.get(id);
  const from = fromSequence > 0 ? { fromSequence } : {};
  for await (const { sequence, event } of controller.bus.events({ campaign: record.id, signal, ...from })) {
    yield { sequence, event: JSON.stringify(event) };
    if (isKind(event, 'campaign.ended')) return;
  }
}
