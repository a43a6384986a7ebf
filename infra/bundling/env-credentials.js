// Stands in for @aws-sdk/credential-provider-node in the bundles: the Lambda service hands credentials over in the
// environment and nowhere else, and the whole chain of providers would be a third of each bundle.
export const defaultProvider = () => async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
});
