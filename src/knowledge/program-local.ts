import { operands, type ProgramReader, reading } from './program.ts';

/** Programs that look at files or processes of the own container. */
const local: ProgramReader = ({ program, args }) => {
  const [about] = operands(args);
  if (about?.startsWith('/proc/1/') === true)
    return reading('process', 'high', `\`${program}\` looks at the container's first process.`);
  return reading('process', 'high', `\`${program}\` looks at files or processes of its own container.`);
};

const disk: ProgramReader = ({ program }) =>
  reading('resource', 'medium', `\`${program}\` looks at disk or memory, which a restart does not give back.`);

const neutral: ProgramReader = () => 'neutral';

const LOCAL =
  'cat test [ [[ stat ls find touch rm cmp head pgrep pidof ps kill killall jps ss netstat lsof supervisorctl s6-svstat s6-svc monit ' +
  'systemctl php-fpm-healthcheck cgi-fcgi rndc unbound-control varnishadm nginx haproxy apachectl httpd px birdc birdcl vtysh pdns_control ' +
  'rec_control postqueue postfix asterisk fs_cli squidclient mkdir jcmd jstack gnuhealth runsv sv sockstat readlink kong traefik pm2 buildctl tarantoolctl';
const NEUTRAL =
  'true : exit return false echo printf grep egrep fgrep awk gawk sed cut tr head tail wc jq yq xargs sleep date set export unset local ' +
  'declare read cd pwd shift trap let eval expr bc sort uniq tee id whoami hostname source . tput umask ulimit type which basename dirname seq ' +
  'break continue exec env printenv mktemp rev od xxd base64 column dd';

export const localPrograms: ReadonlyMap<string, ProgramReader> = new Map<string, ProgramReader>([
  ...NEUTRAL.split(' ').map((name) => [name, neutral] as const),
  ...LOCAL.split(' ').map((name) => [name, local] as const),
  ['df', disk],
  ['du', disk],
  ['free', disk],
]);
