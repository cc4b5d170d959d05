import { inventoryOf, type HostInventory } from '../../campaign/inventory.ts';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Hello__Output } from '../../proto/generated/ordeal/v1/Hello.ts';
import type { ControllerMessage } from '../../proto/generated/ordeal/v1/ControllerMessage.ts';
import { leaseUs } from './lease.ts';
import { slownessOf } from './slowness.ts';

/** One stream of one agent. */
export interface Session {
  send(message: ControllerMessage): void;
  /** Ends the stream: a newer one has taken its place. */
  end(): void;
}

/** What the controller knows of a host: what it said of itself, and whether it is there. */
export class FleetHost {
  readonly name: string;
  hello: Hello__Output | undefined;
  session: Session | undefined;
  /** Residue that was found and is not gone yet. */
  quarantinedBecause: readonly string[] = [];
  /** When its present boot began, in this controller's clock, as late as it can have been; undefined where its agent does not say. */
  bootedUs: number | undefined;
  #beatUs: number | undefined;

  constructor(name: string) {
    this.name = name;
  }

  beat(): void {
    this.#beatUs = monotonicUs();
  }

  /** The last that was heard of it. */
  get heardUs(): number | undefined {
    return this.#beatUs;
  }

  get leaseAgeUs(): number | undefined {
    return this.#beatUs === undefined ? undefined : monotonicUs() - this.#beatUs;
  }

  /** A stream may outlive its host for minutes; beats do not. */
  get connected(): boolean {
    const age = this.leaseAgeUs;
    return this.session !== undefined && age !== undefined && age < leaseUs;
  }

  /** A wait that is written down for a host of the usual speed, as long as this one needs it. */
  patienceUs(usualUs: number): number {
    return Math.round(usualUs * slownessOf(this.hello?.lookUs ?? 0));
  }

  get inventory(): HostInventory | undefined {
    return this.hello && inventoryOf(this.name, this.hello);
  }
}
