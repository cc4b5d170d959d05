import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { hostNameSchema } from '../../events/name.ts';
import type { AgentMessage__Output } from '../../proto/generated/ordeal/v1/AgentMessage.ts';
import type { ControllerMessage } from '../../proto/generated/ordeal/v1/ControllerMessage.ts';
import { requireRole } from '../../service/credentials.ts';
import { toStatus } from '../../service/grpc-errors.ts';
import type { Log } from '../../service/log.ts';
import type { Fleet } from './fleet.ts';
import type { Session } from './host.ts';
import { leaseUs } from './lease.ts';

/** AgentService.Session: what an agent says goes to the fleet, what the fleet wants goes to the agent. */
export function sessionHandler(
  fleet: Fleet,
  log: Log,
): handleBidiStreamingCall<AgentMessage__Output, ControllerMessage> {
  return (call) => {
    let host: string | undefined;
    const session: Session = {
      send: (message) => {
        if (!call.writableEnded && !call.destroyed) call.write(message);
      },
      end: () => void call.end(),
    };
    const left = (): void => {
      if (host === undefined) return;
      fleet.left(host, session);
      log.info({ host }, 'session ended');
      host = undefined;
    };
    const refuse = (error: unknown): void => {
      left();
      call.emit('error', toStatus(error));
    };
    let peer: string;
    try {
      peer = requireRole(call, 'agent').name;
    } catch (error) {
      refuse(error);
      return;
    }
    call.on('data', (message: AgentMessage__Output) => {
      try {
        if (message.hello) {
          requireOwnName(peer, message.hello.host);
          if (host === undefined) log.info({ host: message.hello.host }, 'session begun');
          host = message.hello.host;
          fleet.joined(host, message.hello, session);
        } else if (host === undefined) {
          throw new OrdealError('INVALID_INPUT', 'a session begins with a hello; this one did not');
        } else if (message.beat) {
          fleet.host(host).beat();
          const { sentUs } = message.beat;
          session.send({
            beat: { sentUs, controllerUs: monotonicUs(), leaseUs: fleet.isOpen ? leaseUs : 0 },
          });
        } else if (message.status) {
          fleet.reported(host, message.status);
          session.send({ ack: { id: message.status.id, state: message.status.state } });
        }
      } catch (error) {
        log.warn({ peer, error: OrdealError.from(error).message }, 'session refused');
        refuse(error);
      }
    });
    call.on('end', () => {
      left();
      call.end();
    });
    call.on('cancelled', left);
    call.on('error', left);
  };
}

function requireOwnName(peer: string, host: string): void {
  const valid = hostNameSchema.safeParse(host);
  if (!valid.success) {
    const why = valid.error.issues.map(({ message }) => message).join('; ');
    throw new OrdealError('INVALID_INPUT', `"${host}" cannot be the name of a host: ${why}`);
  }
  if (peer === `agent-${host}`) return;
  throw new OrdealError(
    'NOT_ALLOWED',
    `the certificate names "${peer}"; the host "${host}" needs one that names "agent-${host}"`,
  );
}
