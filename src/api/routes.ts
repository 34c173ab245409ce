/**
 * The paths of a service of verification.
 *
 * @module
 */

/** What a path is for. */
export type RouteName =
  | "challenge"
  | "verify"
  | "policies"
  | "collateral"
  | "keys"
  | "openapi"
  | "health"
  | "ready"
  | "metrics"
  | "page";

/** A path. */
export interface Route {
  /** What it is for. */
  readonly name: RouteName;
  /** The path; one that ends in a slash stands for all below it. */
  readonly path: string;
  /** Methods beside OPTIONS. */
  readonly methods: readonly ("GET" | "HEAD" | "POST")[];
  /** Whether pages of the origins that the operator names may read its answers. */
  readonly shared: boolean;
  /** What it does, one line. */
  readonly says: string;
}

const READ = ["GET", "HEAD"] as const;

/** Where the mirror of vendors begins. */
export const COLLATERAL_PATH = "/v1/collateral";

/** All paths, in the order in which they are described. */
export const ROUTES: readonly Route[] = [
  {
    name: "challenge",
    path: "/v1/challenge",
    methods: ["POST"],
    shared: true,
    says: "Makes a nonce for one verification",
  },
  {
    name: "verify",
    path: "/v1/verify",
    methods: ["POST"],
    shared: true,
    says: "Verifies evidence",
  },
  {
    name: "policies",
    path: "/v1/policies",
    methods: READ,
    shared: true,
    says: "Policies under which tokens are signed",
  },
  {
    name: "collateral",
    path: `${COLLATERAL_PATH}/`,
    methods: READ,
    shared: true,
    says: "What vendors hand out, at their own paths below this one",
  },
  {
    name: "keys",
    path: "/.well-known/jwks.json",
    methods: READ,
    shared: true,
    says: "Keys that tokens are verified with",
  },
  {
    name: "openapi",
    path: "/openapi.json",
    methods: READ,
    shared: true,
    says: "This description",
  },
  { name: "health", path: "/healthz", methods: READ, shared: false, says: "Whether it lives" },
  {
    name: "ready",
    path: "/readyz",
    methods: READ,
    shared: false,
    says: "Whether it takes requests",
  },
  {
    name: "metrics",
    path: "/metrics",
    methods: READ,
    shared: false,
    says: "Counters for Prometheus",
  },
  {
    name: "page",
    path: "/",
    methods: READ,
    shared: false,
    says: "The page that verifies in a browser",
  },
  {
    name: "page",
    path: "/verify.html",
    methods: READ,
    shared: false,
    says: "The page that verifies in a browser",
  },
];

/**
 * The route of a path.
 *
 * @param pathname Path, as a URL has it.
 * @returns Null where there is none.
 */
export function routeOf(pathname: string): Route | null {
  const isBelow = (path: string): boolean =>
    path !== "/" && path.endsWith("/") && pathname.startsWith(path);
  return ROUTES.find(({ path }) => path === pathname || isBelow(path)) ?? null;
}
