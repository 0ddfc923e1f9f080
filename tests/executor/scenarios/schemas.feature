Feature: Input and output schemas
  Data that does not fit is refused where it comes in and where it goes out.

  Scenario: Input that fits
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: input-that-fits
      version: '1.0.0'
    input:
      schema:
        format: json
        document:
          type: object
          required: [ id ]
          properties:
            id: { type: integer, minimum: 1 }
    do:
      - a:
          set: { id: '${ .id }' }
    """
    And given the workflow input is:
    """yaml
    id: 4
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    id: 4
    """

  Scenario: Input that does not fit
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: input-that-does-not-fit
      version: '1.0.0'
    input:
      schema:
        format: json
        document:
          type: object
          required: [ id ]
          properties:
            id: { type: integer, minimum: 1 }
    do:
      - a:
          set: { id: '${ .id }' }
    """
    And given the workflow input is:
    """yaml
    id: text
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
    status: 400
    title: Validation error
    detail: 'input: /id is not of type integer'
    """

  Scenario: Input that lacks something
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: input-that-lacks-something
      version: '1.0.0'
    input:
      schema:
        format: json
        document:
          type: object
          required: [ id ]
          properties:
            id: { type: integer, minimum: 1 }
    do:
      - a:
          set: { never: true }
    """
    And given the workflow input is:
    """yaml
    other: 1
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
    status: 400
    title: Validation error
    detail: "input: the value lacks the property 'id'"
    """

  Scenario: The schema is of the input before it is filtered
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-schema-is-of-the-input-before-it-is-filtered
      version: '1.0.0'
    do:
      - a:
          input:
            schema: { document: { type: object, required: [ user ] } }
            from: .user
          set: { name: '${ .name }' }
    """
    And given the workflow input is:
    """yaml
    user: { name: jo }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    name: jo
    """

  Scenario: A task whose output does not fit
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-task-whose-output-does-not-fit
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { n: -1 }
                output:
                  schema: { document: { properties: { n: { minimum: 0 } } } }
          catch:
            do:
              - tell:
                  set: { status: '${ $error.status }', at: '${ $error.instance }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 400
    at: /do/0/t/try/0/a
    """

  Scenario: The workflow's output does not fit
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-workflow-s-output-does-not-fit
      version: '1.0.0'
    output:
      schema:
        document: { type: object, properties: { n: { type: number } } }
    do:
      - a:
          set: { n: text }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
    status: 400
    title: Validation error
    detail: 'output: /n is not of type number'
    """

  Scenario: Lists, enumerations and patterns
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: lists-enumerations-and-patterns
      version: '1.0.0'
    do:
      - a:
          input:
            schema:
              document:
                type: object
                properties:
                  colors: { type: array, minItems: 1, uniqueItems: true, items: { enum: [ red, green ] } }
                  mail: { type: string, pattern: '^[^@]+@[^@]+$' }
          set: { fine: true }
    """
    And given the workflow input is:
    """yaml
    colors: [ red, green ]
    mail: a@b
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    fine: true
    """
