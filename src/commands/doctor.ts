import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { asAppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import { scheduleInForce } from '../sync/schedule.ts';
import { ports, print } from './ports.ts';

/** `doctor`: what is set, what is missing, which system answers. 1 = not ready. */
export async function doctor(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env);
  const app = await createApp(config, ports, { work: false, schedule: false });
  let ready = true;
  const tell = (what: string): void => print(phrase('cli.doctor.ok', { what: phrase(`cli.doctor.${what}`) }));
  const check = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      print(phrase('cli.doctor.ok', { what }));
    } catch (error) {
      ready = false;
      const { message, next } = asAppError(error);
      print(phrase('cli.doctor.bad', { what, message, next }));
    }
  };
  tell(config.erp ? 'mode_real' : 'mode_sandbox');
  tell(config.rolesFile ? 'roles_file' : config.erp ? 'roles_real' : 'roles_sandbox');
  if (!config.model) tell('model_off');
  await check(phrase('cli.doctor.store', { dir: config.dataDir }), () => app.store.sql.query('select 1'));
  await check(phrase('cli.doctor.pipelines', { count: app.sync.pipelines.size }), async () => undefined);
  for (const remark of [...app.remarks, ...app.settings.mapDifferences()])
    print(phrase('cli.doctor.remark', { remark }));
  const said = await app.settings.schedules();
  for (const { pipeline, source, target } of app.sync.pipelines.values()) {
    const { fault } = scheduleInForce(pipeline, said.get(pipeline.id));
    if (fault) await check(phrase('cli.doctor.schedule', { pipeline: pipeline.id }), () => Promise.reject(fault));
    await check(phrase('cli.doctor.source'), () => source.check());
    await check(phrase('cli.doctor.target'), () => target.check());
  }
  const { model } = config;
  if (model)
    await check(phrase('cli.doctor.model', { model: model.model }), async () =>
      (await import('../assistant/model/check.ts')).checkModel(model),
    );
  for (const { name, findings } of await app.conversations.check()) {
    const what = phrase(`alerts.channel.${name}`);
    if (findings.length === 0) print(phrase('cli.doctor.ok', { what }));
    else ready = false;
    for (const { message, next } of findings) print(phrase('cli.doctor.bad', { what, message, next }));
    print(`  ${phrase(`doctor.${name}_events`)}`);
  }
  await app.stop();
  return ready ? 0 : 1;
}
