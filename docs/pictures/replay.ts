import { SavedRun } from '../../metrics/run/saved-run.ts';
import { Output } from '../../cli/output.ts';
import { Progress } from '../../cli/progress.ts';

// Shows what a watch of a saved run showed at an instant, by the same code in the same terminal, and stands still until it is ended.
const [folder = '', until = ''] = process.argv.slice(2);
const untilUs = Number(until);
const progress = new Progress(new Output({}), () => untilUs);
for (const event of await new SavedRun(folder).events()) {
  if (event.wallUs <= untilUs) progress.show(event);
}
