"""The faces on AWS: the Lambda function and the SageMaker container."""
