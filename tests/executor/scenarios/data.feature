Feature: Data flow
  What goes in and out of tasks, and what expressions see.

  Scenario: Input, output and context of tasks
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: input-output-and-context-of-tasks
      version: '1.0.0'
    do:
      - a:
          input: { from: .user }
          set: { name: '${ .name }', same: '${ $input == . }' }
          output: { as: '{ greet: ("hi " + .name), in: $input.name, same: .same }' }
          export: { as: '{ seen: .greet }' }
      - b:
          set: { out: '${ . }', context: '${ $context }' }
    """
    And given the workflow input is:
    """yaml
    user: { name: jo }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    out: { greet: hi jo, in: jo, same: true }
    context: { seen: hi jo }
    """

  Scenario: The workflow filters its own input and output
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-workflow-filters-its-own-input-and-output
      version: '1.0.0'
    input:
      from: .outer
    output:
      as: '[.n, .given]'
    do:
      - a:
          set: { n: '${ .deep + 1 }', given: '${ $workflow.input.outer.deep }' }
    """
    And given the workflow input is:
    """yaml
    outer: { deep: 5 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 6, 5 ]
    """

  Scenario: Filters may be objects with expressions in them
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: filters-may-be-objects-with-expressions-in-them
      version: '1.0.0'
    do:
      - a:
          input: { from: { k: '${ .v }', fixed: 1 } }
          set: '${ . }'
          output: { as: { all: '${ . }', list: [ '${ .k }' ] } }
    """
    And given the workflow input is:
    """yaml
    v: 7
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    all: { k: 7, fixed: 1 }
    list: [ 7 ]
    """

  Scenario: The task, the workflow and the runtime describe themselves
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-task-the-workflow-and-the-runtime-describe-themselves
      version: '1.0.0'
    do:
      - a:
          set:
            task: ${ $task.name + " " + $task.reference }
            workflow: ${ $workflow.definition.document.name }
            id: ${ $workflow.id | length > 10 }
            runtime: ${ $runtime.name }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    task: a /do/0/a
    workflow: the-task-the-workflow-and-the-runtime-describe-themselves
    id: true
    runtime: penstock
    """

  Scenario: Numbers keep their digits
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: numbers-keep-their-digits
      version: '1.0.0'
    do:
      - a:
          set: { big: '${ .big }', exact: '${ .exact }' }
    """
    And given the workflow input is:
    """yaml
    big: 12345678901234567890
    exact: 1.10
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    big: 12345678901234567890
    exact: 1.10
    """

  Scenario: Expressions with and without their braces
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: expressions-with-and-without-their-braces
      version: '1.0.0'
    do:
      - a:
          if: ${ .n == 1 }
          set: { n: '${ .n + 1 }' }
      - b:
          if: .n == 2
          for: { each: x, in: '${ [1, 2] }' }
          while: ${ true }
          do:
            - add:
                set: { n: '${ .n + $x }' }
          output: { as: '${ .n }' }
    """
    And given the workflow input is:
    """yaml
    n: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    5
    """

  Scenario: Text that came in is never run
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: text-that-came-in-is-never-run
      version: '1.0.0'
    do:
      - a:
          set: { x: '${ .evil }' }
      - b:
          set: { y: '${ .x }', quoted: .x }
    """
    And given the workflow input is:
    """yaml
    evil: '${ 1 + 1 }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    'y': '${ 1 + 1 }'
    quoted: .x
    """

  Scenario: Text around an expression is refused and the right form shown
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: text-around-an-expression-is-refused-and-the-right-form-shown
      version: '1.0.0'
    do:
      - a:
          set: { text: 'Hello ${ .name }!' }
    """
    When the workflow is executed
    Then the workflow should be refused with 'Hello'

  Scenario: Braces of another language are refused
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: braces-of-another-language-are-refused
      version: '1.0.0'
    do:
      - a:
          if: '{{ .name }}'
          set: { text: fine }
    """
    When the workflow is executed
    Then the workflow should be refused with '${'

  Scenario: Secrets are there for those who declare them
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: secrets-are-there-for-those-who-declare-them
      version: '1.0.0'
    use:
      secrets: [ key ]
    do:
      - a:
          set: { has: '${ $secrets.key == "s3cret" }', names: '${ $secrets | keys }' }
    """
    And given the secret 'key' is:
    """yaml
    s3cret
    """
    And given the secret 'other' is:
    """yaml
    hidden
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    has: true
    names: [ key ]
    """

  Scenario: Secrets authenticate calls
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: secrets-authenticate-calls
      version: '1.0.0'
    use:
      secrets: [ login ]
    do:
      - login:
          call: http
          with:
            method: get
            endpoint:
              uri: https://httpbin.org/basic-auth/serverless-workflow/conformance-test
              authentication: { basic: { use: login } }
    """
    And given the secret 'login' is:
    """yaml
    { username: serverless-workflow, password: conformance-test }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    authenticated: true
    """

  Scenario: What the definition says a task has with it
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: what-the-definition-says-a-task-has-with-it
      version: '1.0.0'
    do:
      - a:
          call: http
          with: { method: get, endpoint: 'https://petstore.swagger.io/v2/pet/1' }
          output: { as: '$task.with.endpoint' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    https://petstore.swagger.io/v2/pet/1
    """

  Scenario: A regular expression that only libjq knows
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-regular-expression-that-only-libjq-knows
      version: '1.0.0'
    do:
      - a:
          set: { found: '${ .text | test("foo(?=bar)") }', twice: '${ .text | test("(o)\\1") }' }
    """
    And given the workflow input is:
    """yaml
    text: foobar
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    found: true
    twice: true
    """
