/** Names of releases (helm.sh/helm/v4/pkg/chart/v2/util/validate_name.go). */

const longest = 53;
const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What is wrong with a name for a release, in Helm's words; undefined when nothing is. */
export function releaseNameProblem(name: string): string | undefined {
  if (name === "") return 'release name "": no name provided';
  if (name.length <= longest && validName.test(name)) return undefined;
  return `release name ${JSON.stringify(name)}: invalid release name, must match regex ` +
    `${validName.source} and the length must not be longer than ${longest}`;
}
