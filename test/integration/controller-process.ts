import { startController, type ControllerSettings } from '../../controller/main.ts';

// A controller as a process of its own, which a test can kill: its settings are the argument, as JSON.
const controller = await startController(JSON.parse(process.argv[2] ?? '') as ControllerSettings);
process.stdout.write(`${controller.address}\n`);
void controller.failed.then(async ({ code, message }) => {
  await controller.stop();
  process.stderr.write(`${code}: ${message}\n`);
});
process.once('SIGTERM', () => void controller.stop().then(() => process.exit(0)));
